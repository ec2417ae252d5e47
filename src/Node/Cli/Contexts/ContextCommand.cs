using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer context</c>: the places that commands may be sent to, by name.</summary>
internal static class ContextCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("context", "Names the nodes that commands are sent to, and chooses one of them.") { List(), Show(), Use(), Set(), Delete() };

    private static ContextFile File() => ContextFile.Read(Environment.GetEnvironmentVariable);

    private static Argument<string> Name() => new(Names.Context) { Description = "The context." };

    private static Command List()
    {
        var output = new OutputOption();
        var command = new Command("list", "Lists the contexts; * stands before the current one.") { output };
        command.SetAction(async (parsed, _) =>
        {
            var file = File();
            await Print(output.Printer(parsed), file, file.Contexts);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show()
    {
        var output = new OutputOption();
        var name = Name();
        name.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("show", "Shows a context, or the current one. Its token is never shown.") { name, output };
        command.SetAction(async (parsed, _) =>
        {
            var file = File();
            var wanted = parsed.GetValue(name) ?? file.Current ?? throw new Refusal(ExitCode.Failed, $"No context is current in {file.Path}: choose one with 'latecomer context use NAME'.");
            await Print(output.Printer(parsed), file, [file.Get(wanted)]);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Use()
    {
        var name = Name();
        var command = new Command("use", "Makes a context the current one.") { name };
        command.SetAction(parsed =>
        {
            var file = File();
            var context = file.Get(parsed.GetValue(name)!);
            (file with { Current = context.Name }).Write();
            Console.WriteLine($"current context: {context.Name}, {ServerAddress.Text(context.Server)}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Set()
    {
        var name = Name();
        var server = new Option<string?>("--server") { Description = "The node's address; must be given for a new context.", HelpName = "address" };
        var token = new Option<string?>("--token-file") { Description = "The file with the token, - for stdin; empty to have none. The token is kept in the file of contexts.", HelpName = Names.File };
        var ca = new Option<string?>("--ca") { Description = "The file with the certificates that the node's is checked against; empty for those of the system.", HelpName = Names.File };
        var command = new Command("set", "Makes a context, or changes what is given. The first one becomes the current one.") { name, server, token, ca };
        command.SetAction(parsed =>
        {
            var file = File();
            var known = file.Contexts.FirstOrDefault(c => c.Name == parsed.GetValue(name));
            var address = parsed.GetValue(server) is { } given ? ServerAddress.Parse(given, "--server") : known?.Server;
            var context = new ClientContext(
                parsed.GetValue(name)!,
                address ?? throw new Refusal(ExitCode.Usage, $"There is no context '{parsed.GetValue(name)}' yet: give its --server."),
                parsed.GetValue(token) is { } source ? source.Length == 0 ? null : TokenFile.Read(source) : known?.Token,
                parsed.GetValue(ca) is { } path ? path.Length == 0 ? null : Path.GetFullPath(path) : known?.Ca);
            (file.With(context) with { Current = file.Current ?? context.Name }).Write();
            Console.WriteLine($"context {context.Name} {(known is null ? "made" : "changed")}: {ServerAddress.Text(context.Server)}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Delete()
    {
        var name = Name();
        var command = new Command("delete", "Forgets a context, with its token.") { name };
        command.SetAction(parsed =>
        {
            var file = File();
            file.Without(file.Get(parsed.GetValue(name)!).Name).Write();
            Console.WriteLine($"context {parsed.GetValue(name)} deleted");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task Print(Printer printer, ContextFile file, IReadOnlyList<ClientContext> contexts)
    {
        if (printer.IsDocument)
        {
            await printer.Document(json => Write(json, file, contexts));
            return;
        }

        printer.Rows(["current", "name", "server", "token", "ca"], contexts.Select(c => (IReadOnlyList<string>)
        [
            c.Name == file.Current ? "*" : "", Markup.Escape(c.Name), Markup.Escape(ServerAddress.Text(c.Server)), c.Token is null ? "" : "yes", Markup.Escape(c.Ca ?? ""),
        ]));
    }

    private static void Write(Utf8JsonWriter json, ContextFile file, IReadOnlyList<ClientContext> contexts)
    {
        json.WriteStartObject();
        json.WriteString("file", file.Path);
        json.WriteString("current", file.Current);
        json.WriteStartArray("contexts");
        foreach (var context in contexts)
        {
            json.WriteStartObject();
            json.WriteString("name", context.Name);
            json.WriteString("server", ServerAddress.Text(context.Server));
            json.WriteBoolean("token", context.Token is not null);
            json.WriteString("ca", context.Ca);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables</c>.</summary>
internal static class TablesCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("tables", "Lists the tables that a node watches, and looks into the log of any table.")
    {
        List(),
        InspectCommand.Create(),
        CommitsCommand.Create(),
        TablePartitionsCommand.Create(),
        CheckpointCommand.Create(),
    };

    /// <summary>All watched tables.</summary>
    public static Task<ListTablesResponse> ReadAll(Http.IApi client, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListTablesResponse>("Tables/List", new ListTablesRequest { PageToken = token }, cancellation),
        page => page.NextPageToken);

    private static Command List()
    {
        var options = new ClientOptions();
        var command = options.On(new Command("list", "Lists the tables that are watched, with how far their logs were followed."));
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var all = await ReadAll(client, cancellation);
            options.Printer(parsed).Print(all, ["table", "version", "pipelines", "problem"], all.Tables.Select(t => (IReadOnlyList<string>)
            [
                Markup.Escape(t.Table_), $"{t.Version}", Markup.Escape(string.Join(",", t.Pipelines)), t.Problem.Length > 0 ? $"[red]{Markup.Escape(t.Problem)}[/]" : "",
            ]));
            return ExitCode.Ok;
        });
        return command;
    }
}

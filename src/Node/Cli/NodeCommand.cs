using System.CommandLine;
using Latecomer.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer node</c>.</summary>
internal static class NodeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder; made if it does not exist.", HelpName = "folder", Required = true };
        var listen = ListenOption();
        var nodes = NodesOption(1);
        var command = new Command("node", "Serves a data folder until it is told to stop (SIGTERM, or Ctrl-C).") { data, listen, nodes };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var logging = StandardErrorLog.Create(LogLevel.Information);
            await using var host = await EmbeddedHost.Start(
                new HostOptions(parsed.GetValue(data)!, parsed.GetValue(listen)!, parsed.GetValue(nodes)), logging, cancellation);
            Console.WriteLine($"listening on {host.Address.GetLeftPart(UriPartial.Authority)}");
            await Stopped(cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The option for the address.</summary>
    public static Option<Uri> ListenOption() => new("--listen")
    {
        Description = "Where to listen; port 0 takes a free one.",
        HelpName = "address",
        DefaultValueFactory = _ => new Uri(HostOptions.DefaultListen),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address))
            {
                return address;
            }

            result.AddError($"--listen takes an address such as {HostOptions.DefaultListen}, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    /// <summary>The option for the number of nodes.</summary>
    public static Option<int> NodesOption(int otherwise) =>
        Options.Number("--nodes", "How many nodes share the work in this process.", otherwise, 1, HostOptions.MostNodes);

    private static async Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}

using System.CommandLine;
using Latecomer.Node.Configuration;
using Latecomer.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer node</c>.</summary>
internal static class NodeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("node", "Serves a data folder until it is told to stop (SIGTERM, or Ctrl-C): alone, or as a node of a cluster (--store).");
        foreach (var option in NodeSettings.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Run(NodeSettings.Read(parsed, Environment.GetEnvironmentVariable), cancellation));
        return command;
    }

    /// <summary>The option for the number of nodes.</summary>
    public static Option<int> NodesOption(int otherwise) =>
        Options.Number("--nodes", "How many nodes share the work in this process.", otherwise, 1, HostOptions.MostNodes);

    private static async Task<int> Run(HostOptions options, CancellationToken cancellation)
    {
        using var logging = StandardErrorLog.Create(LogLevel.Information);
        await using var host = await NodeHost.Start(options, logging, cancellation);
        try
        {
            var serving = host.Serve(cancellation);
            if (await Task.WhenAny(serving, host.Waits) == serving)
            {
                await serving;
            }

            Console.WriteLine($"listening for gRPC on {host.GrpcAddress.GetLeftPart(UriPartial.Authority)}");
            Console.WriteLine($"listening on {host.Address.GetLeftPart(UriPartial.Authority)}");
            await serving;
            await host.TakeFirstTurn(cancellation);
            await host.AskedToLeave.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to stop, which is how a node ends.
        }

        return ExitCode.Ok;
    }
}

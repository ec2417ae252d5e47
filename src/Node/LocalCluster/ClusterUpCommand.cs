using System.CommandLine;
using System.Text;
using System.Text.Json;
using Latecomer.Node.Cli;
using Latecomer.Node.Storage;
using Spectre.Console;

namespace Latecomer.Node.LocalCluster;

/// <summary><c>latecomer cluster up</c>.</summary>
internal static class ClusterUpCommand
{
    private const int MostNodes = 16;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = ClusterProcessCommands.DataOption("The data folder; made if it does not exist.");
        var nodes = Options.Number("--nodes", "How many nodes there shall be; a cluster that is there keeps those that it has.", ClusterProcesses.DefaultNodes, 1, MostNodes);
        var output = new OutputOption();
        var command = new Command("up", "Starts a PostgreSQL and nodes on this machine that serve a data folder together; returns when all are ready.") { data, nodes, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var isGiven = parsed.GetResult(nodes) is { Implicit: false };
            await Up(parsed.GetValue(data)!, isGiven ? parsed.GetValue(nodes) : null, output.Printer(parsed), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task Up(string data, int? nodes, Printer printer, CancellationToken cancellation)
    {
        var folder = DataFolder.PrepareShared(data);
        using var file = await ClusterFile.Open(folder, cancellation);
        var cluster = new ClusterProcesses(file);
        var started = await cluster.Up(nodes, cancellation);
        if (printer.IsDocument)
        {
            var answer = new
            {
                store = cluster.Store,
                nodes = cluster.Nodes.Select(n => new { name = n.Name, address = Shown(n), process = n.Process!.Id, state = Word(ClusterProcesses.StateOf(n.Process)) }),
            };
            await printer.Document(stream => stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer, ClusterProcessCommands.Json) + "\n"), cancellation).AsTask());
            return;
        }

        printer.Remark(started.Count == 0 ? "The cluster is up already." : $"Started {string.Join(", ", started)}.");
        printer.Rows(["node", "address", "process", "state"], cluster.Nodes.Select(n => (IReadOnlyList<string>)
        [
            n.Name, Markup.Escape(Shown(n)), $"{n.Process!.Id}", Word(ClusterProcesses.StateOf(n.Process)),
        ]));
        printer.Remark($"Its store: {cluster.Store}");
        printer.Remark($"To stop it: latecomer cluster down --data {ClusterProcessCommands.Quoted(data)}");
    }

    private static string Shown(NodeRecord node) => node.Address?.GetLeftPart(UriPartial.Authority) ?? "";

    private static string Word(ProcessState state) => state.ToString().ToLowerInvariant();
}

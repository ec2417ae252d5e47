using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary><c>latecomer cluster kill|pause|resume|start|down</c>: what is done to the processes of a cluster on this machine.</summary>
internal static class ClusterProcessCommands
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>How they print for programs.</summary>
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create()
    {
        yield return OfNode("kill", "Kills a node (SIGKILL), as a crash would.", Kill);
        yield return OfNode("pause", "Stops a node (SIGSTOP) until it is resumed.", Pause);
        yield return OfNode("resume", "Lets a paused node go on (SIGCONT).", Resume);
        yield return OfNode("start", "Starts a node again that does not run; returns when it is ready.", Start);
        yield return Down();
    }

    /// <summary>The option that names the cluster.</summary>
    public static Option<string> DataOption(string description) => new("--data") { Description = description, HelpName = "folder", Required = true };

    /// <summary>A path as a shell takes it.</summary>
    public static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;

    private static Command OfNode(string name, string description, Func<ClusterProcesses, string, CancellationToken, Task<string>> action)
    {
        var data = DataOption("The cluster's data folder.");
        var node = new Argument<string>("NODE") { Description = $"The node, such as {ClusterProcesses.NameOf(1)}." };
        var command = new Command(name, description) { node, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var file = await OpenExisting(parsed.GetValue(data)!, cancellation);
            var cluster = new ClusterProcesses(file);
            var wanted = parsed.GetValue(node)!;
            if (cluster.Nodes.All(n => n.Name != wanted))
            {
                throw new Refusal(ExitCode.Usage, $"There is no node '{wanted}': choose {string.Join(", ", cluster.Nodes.Select(n => n.Name))}.");
            }

            Console.WriteLine(await action(cluster, wanted, cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> Kill(ClusterProcesses cluster, string node, CancellationToken cancellation)
    {
        var process = cluster.Signal(node, ProcessTable.Kill) ?? throw NotRunning(node);
        await Ending.Becomes(() => !ProcessTable.IsAlive(process), Soon, cancellation);
        return $"{node} killed (process {process.Id})";
    }

    private static async Task<string> Pause(ClusterProcesses cluster, string node, CancellationToken cancellation)
    {
        var process = cluster.Signal(node, ProcessTable.Pause) ?? throw NotRunning(node);
        await Ending.Becomes(() => ProcessTable.IsPaused(process) || !ProcessTable.IsAlive(process), Soon, cancellation);
        return $"{node} paused (process {process.Id})";
    }

    private static async Task<string> Resume(ClusterProcesses cluster, string node, CancellationToken cancellation)
    {
        var process = cluster.Signal(node, ProcessTable.Resume) ?? throw NotRunning(node);
        await Ending.Becomes(() => !ProcessTable.IsPaused(process), Soon, cancellation);
        return $"{node} runs (process {process.Id})";
    }

    private static async Task<string> Start(ClusterProcesses cluster, string node, CancellationToken cancellation)
    {
        var before = cluster.Nodes.First(n => n.Name == node);
        switch (ClusterProcesses.StateOf(before.Process))
        {
            case ProcessState.Paused:
                throw new Refusal(ExitCode.Failed, $"{node} is paused: let it go on with 'latecomer cluster resume {node}', or kill it first.");
            case ProcessState.Running:
                return $"{node} runs already (process {before.Process!.Id})";
            default:
                await cluster.Start([node], cancellation);
                var now = cluster.Nodes.First(n => n.Name == node);
                return $"{node} started (process {now.Process!.Id}) at {now.Address!.GetLeftPart(UriPartial.Authority)}";
        }
    }

    private static Command Down()
    {
        var data = DataOption("The cluster's data folder.");
        var keep = new Option<bool>("--keep") { Description = "Keeps the database, so that 'cluster up' goes on with it; otherwise it is removed. The tables stay in any case." };
        var command = new Command("down", "Ends all processes of a cluster, also those that a crash left, and removes its database.") { data, keep };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var file = await OpenExisting(parsed.GetValue(data)!, cancellation);

            // What was begun is done: half a cluster helps nobody.
            foreach (var sentence in await new ClusterProcesses(file).Down(parsed.GetValue(keep)))
            {
                Console.WriteLine(sentence);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ClusterFile> OpenExisting(string data, CancellationToken cancellation)
    {
        if (ClusterFile.Exists(data) && await ClusterFile.Open(data, cancellation) is var file)
        {
            if (file.Record is not null)
            {
                return file;
            }

            file.Dispose();
        }

        throw new Refusal(ExitCode.Failed, $"{data} has no cluster on this machine: 'latecomer cluster up --data {Quoted(data)}' makes one.");
    }

    private static Refusal NotRunning(string node) => new(ExitCode.Failed, $"{node} does not run: start it with 'latecomer cluster start {node}'.");
}

using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>A cluster of processes on this machine: a PostgreSQL and nodes that serve a data folder together. What is done to it is done to the processes that
/// were noted, and to no others.</summary>
/// <param name="file">The record of the cluster; nobody else changes it meanwhile.</param>
internal sealed class ClusterProcesses(ClusterFile file)
{
    /// <summary>How many nodes a cluster has unless said otherwise.</summary>
    public const int DefaultNodes = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>Variables for nodes that are started, beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The nodes as they are now.</summary>
    public IReadOnlyList<NodeRecord> Nodes => file.Record?.Nodes ?? [];

    /// <summary>How nodes reach the database.</summary>
    public string Store => new PostgresServer(file).ConnectionString;

    /// <summary>The name of a node by its number, from 1.</summary>
    public static string NameOf(int number) => $"node-{number}";

    /// <summary>How a process is.</summary>
    public static ProcessState StateOf(ProcessRecord? process) =>
        process is null || !ProcessTable.IsAlive(process) ? ProcessState.Down
        : ProcessTable.IsPaused(process) ? ProcessState.Paused
        : ProcessState.Running;

    /// <summary>Starts what does not run, and waits until it is ready. A cluster that was not there and does not come up is taken down again.</summary>
    /// <param name="nodes">How many nodes there shall be at least; null for those that it has, or <see cref="DefaultNodes"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The names of the nodes that were started.</returns>
    /// <exception cref="Refusal">It does not come up.</exception>
    public async Task<IReadOnlyList<string>> Up(int? nodes, CancellationToken cancellation)
    {
        var isNew = file.Record is null;
        try
        {
            await new PostgresServer(file).Start(cancellation);
            foreach (var name in Enumerable.Range(1, nodes ?? (isNew ? DefaultNodes : 0)).Select(NameOf).Where(name => Nodes.All(n => n.Name != name)))
            {
                file.Change(r => r.With(new NodeRecord(name)));
            }

            var missing = Nodes.Where(n => StateOf(n.Process) == ProcessState.Down).Select(n => n.Name).ToList();
            await Start(missing, cancellation);
            return missing;
        }
        catch when (isNew)
        {
            await Down(keep: false);
            throw;
        }
    }

    /// <summary>Starts nodes that do not run, and waits until they are ready.</summary>
    /// <exception cref="Refusal">One does not become ready.</exception>
    public async Task Start(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var starting = new List<StartingNode>();
        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            starting.Add(await Begin(name));
        }

        // They start at the same time, and are noted one after the other.
        foreach (var node in starting)
        {
            NoteAddress(node.Name, await node.Ready(cancellation));
        }
    }

    /// <summary>Starts a node that does not run, and waits for nothing.</summary>
    public Task<StartingNode> Begin(string name) => new NodeServer(file, name).Begin(Store, Environment);

    /// <summary>Notes where a node listens.</summary>
    public void NoteAddress(string name, ServedAt at) => file.Change(r => r.With(r.Nodes.First(n => n.Name == name) with { Address = at.Http, Grpc = at.Grpc }));

    /// <summary>Sends a signal to a node that runs.</summary>
    /// <returns>Its process; null if it does not run.</returns>
    public ProcessRecord? Signal(string name, int signal) =>
        Nodes.First(n => n.Name == name).Process is { } process && Ending.Signal(process, signal) ? process : null;

    /// <summary>Ends everything.</summary>
    /// <param name="keep">Whether the database stays, for the next time it is brought up.</param>
    /// <returns>What was done, in sentences.</returns>
    public async Task<IReadOnlyList<string>> Down(bool keep)
    {
        var done = new List<string>();
        var nodes = Nodes;
        var ran = await Task.WhenAll(nodes.Select(n => EndNode(n.Process)));
        done.AddRange(nodes.Select((n, i) => ran[i] ? $"{n.Name} stopped (process {n.Process!.Id})" : $"{n.Name} did not run"));
        foreach (var node in nodes)
        {
            file.Change(r => r.With(node with { Process = null }));
        }

        if (file.Record?.Postgres is { } postgres)
        {
            var server = new PostgresServer(file);
            done.Add(await server.Stop() ? $"PostgreSQL stopped (process {postgres.Process!.Id})" : "PostgreSQL did not run");
            if (keep && postgres.IsMade)
            {
                done.Add($"the database is kept in {postgres.Folder}");
                return done;
            }

            await server.Remove();
            done.Add($"the database removed ({postgres.Folder})");
        }

        file.Delete();
        return done;
    }

    /// <summary>A node that is paused cannot hand over.</summary>
    private static Task<bool> EndNode(ProcessRecord? process) =>
        StateOf(process) == ProcessState.Paused ? Ending.End(process) : Ending.End(process, (ProcessTable.Terminate, Grace));
}

/// <summary>How a process is.</summary>
internal enum ProcessState
{
    /// <summary>It does not run.</summary>
    Down,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is stopped until it is told to go on.</summary>
    Paused,
}

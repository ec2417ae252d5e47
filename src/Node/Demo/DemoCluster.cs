using Latecomer.Activities;
using Latecomer.Node.LocalCluster;
using Latecomer.Node.Storage;

namespace Latecomer.Node.Demo;

/// <summary>The cluster of processes that a demo plays on. Its record is held only while something is done to it, so that people can do something too.</summary>
internal sealed class DemoCluster
{
    private readonly string _data;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private volatile IReadOnlyList<NodeRecord> _nodes = [];

    private DemoCluster(string data, IReadOnlyDictionary<string, string> environment)
    {
        _data = data;
        _environment = environment;
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<NodeRecord> Nodes => _nodes;

    /// <summary>Where tables and configuration files are.</summary>
    public string Dataset => Path.Combine(_data, "dataset");

    /// <summary>Brings a cluster up. One that does not come up is taken down again; its database stays, if it was there before.</summary>
    public static async Task<DemoCluster> Up(string data, int nodes, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var cluster = new DemoCluster(DataFolder.PrepareShared(data), environment);
        var isNew = !ClusterFile.Exists(cluster._data);
        try
        {
            await cluster.With(async processes => await processes.Up(nodes, cancellation), cancellation);
            return cluster;
        }
        catch when (!isNew)
        {
            await cluster.Down();
            throw;
        }
    }

    /// <summary>Kills a node, if it still runs, and starts it again.</summary>
    public Task<StartingNode?> KillAndBegin(NodeRecord node) => With(
        async processes =>
        {
            if (processes.Nodes.All(n => n.Name != node.Name) || processes.Signal(node.Name, ProcessTable.Kill) is not { } process)
            {
                return null;
            }

            await Ending.HasEnded(process, Timeout.InfiniteTimeSpan);
            return await processes.Begin(node.Name);
        },
        CancellationToken.None);

    /// <summary>Waits until a node serves that was started.</summary>
    public async Task Serve(StartingNode node)
    {
        var address = await node.Ready(CancellationToken.None);
        await With(
            processes =>
            {
                processes.NoteAddress(node.Name, address);
                return Task.FromResult(true);
            },
            CancellationToken.None);
    }

    /// <summary>Ends all processes, and keeps the database.</summary>
    /// <returns>What was done, in sentences; none if somebody else has done it.</returns>
    public Task<IReadOnlyList<string>> Down() => With(processes => processes.Down(keep: true), CancellationToken.None);

    private async Task<T> With<T>(Func<ClusterProcesses, Task<T>> action, CancellationToken cancellation)
    {
        using var file = await ClusterFile.Open(_data, cancellation);
        var processes = new ClusterProcesses(file) { Environment = _environment };
        try
        {
            return await action(processes);
        }
        finally
        {
            _nodes = processes.Nodes;
        }
    }
}

using System.Collections.Concurrent;
using Latecomer.Activities;
using Latecomer.Node.Cli;
using Latecomer.Node.Http;
using Latecomer.Node.LocalCluster;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Demo;

/// <summary>What nodes ran, over all of their lives. Each process knows only what it ran itself, and takes that with it when it is killed: so it is asked
/// before, and what it ran after that is not counted.</summary>
internal sealed class NodeShares
{
    private readonly ConcurrentDictionary<(string Name, ProcessRecord Life), (long Turns, long Activities)> _lives = [];

    /// <summary>Asks a process what it ran; nothing changes if it does not answer in time, which is a minute unless less is said.</summary>
    public async Task Ask(NodeRecord node, TimeSpan? wait, CancellationToken cancellation)
    {
        if (node is not { Address: { } address, Process: { } process })
        {
            return;
        }

        try
        {
            using var api = new ApiClient(address, wait);
            var cluster = await api.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), cancellation);
            if (cluster.Nodes.FirstOrDefault(n => n.Name == node.Name) is { } own)
            {
                _lives[(node.Name, process)] = (own.Turns, own.Activities);
            }
        }
        catch (Refusal)
        {
            // It starts, or somebody else has killed it.
        }
    }

    /// <summary>What each node ran, as far as it could be asked.</summary>
    public IReadOnlyList<DemoProgress.NodeShare> Of(IEnumerable<NodeRecord> nodes) =>
    [
        .. nodes.Select(n => _lives.Where(l => l.Key.Name == n.Name).Select(l => l.Value).ToList() is var lives
            ? new DemoProgress.NodeShare(n.Name, lives.Sum(l => l.Turns), lives.Sum(l => l.Activities))
            : throw new System.Diagnostics.UnreachableException()),
    ];
}

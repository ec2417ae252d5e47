using Latecomer.Node.LocalCluster;

namespace Latecomer.Node.Demo;

/// <summary>Kills one of a cluster's nodes, whichever, again and again, and starts it again each time. Only nodes that serve are killed, and the last
/// one which does only when no other is on its way: where starting takes longer than it is to the next kill, nothing would ever be done.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="every">The time from one kill to the next.</param>
/// <param name="shares">Asks a node what it ran before it is killed.</param>
/// <param name="killed">Hears of each kill.</param>
internal sealed class NodeKiller(DemoCluster cluster, TimeSpan every, NodeShares shares, Action<string> killed)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _starting = [];
    private readonly List<Task> _starts = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes as the next node is killed.</summary>
    public Task NextKill
    {
        get
        {
            lock (_lock)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Whether one of the nodes that serve may be killed while others are starting.</summary>
    public static bool MayKill(int serving, int starting) => serving > 1 || (serving == 1 && starting == 0);

    /// <summary>Kills until it is told to stop, and waits then until all nodes serve again.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (Victim() is { } victim)
                {
                    await Kill(victim, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(_starts);
        }
    }

    private NodeRecord? Victim()
    {
        lock (_lock)
        {
            var serving = cluster.Nodes.Where(n => !_starting.Contains(n.Name) && ClusterProcesses.StateOf(n.Process) == ProcessState.Running).ToList();
            return MayKill(serving.Count, _starting.Count) ? serving[Random.Shared.Next(serving.Count)] : null;
        }
    }

    private async Task Kill(NodeRecord victim, CancellationToken stop)
    {
        lock (_lock)
        {
            _next.SetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await shares.Ask(victim, LastWords, stop);
        var starting = await cluster.KillAndBegin(victim);
        if (starting is null)
        {
            return;
        }

        killed(victim.Name);
        lock (_lock)
        {
            _starting.Add(victim.Name);
        }

        _starts.Add(Serve(starting));
    }

    private async Task Serve(StartingNode starting)
    {
        await cluster.Serve(starting);
        lock (_lock)
        {
            _starting.Remove(starting.Name);
        }
    }
}

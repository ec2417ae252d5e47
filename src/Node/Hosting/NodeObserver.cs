using System.Collections.Concurrent;
using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <summary>Counts what each node of the process did since it started, and logs what people should know.</summary>
internal sealed partial class NodeObserver(ILogger<NodeObserver> logger, TimeProvider time) : IRuntimeObserver
{
    private readonly ConcurrentDictionary<string, Counter> _nodes = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _storeFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _askedToLeave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreTrouble _trouble = new(time);

    /// <summary>Completes when the store could not be used for the first time, with the reason for people.</summary>
    public Task<string> StoreFailed => _storeFailed.Task;

    /// <summary>Why the store cannot be used; null while it can.</summary>
    public string? StoreFault => _trouble.Present;

    /// <summary>Completes when somebody has asked a node of the process to leave.</summary>
    public Task AskedToLeave => _askedToLeave.Task;

    /// <summary>Who else hears that turns of a shard were committed.</summary>
    public Action<ShardId>? Committed { get; set; }

    /// <summary>Who else hears how shards are placed.</summary>
    public Action<NodeRegistration, PlacementView>? PlacementSeen { get; set; }

    /// <summary>What a node did; nothing, if it is not of this process.</summary>
    public (long Turns, long Activities) Of(string node) =>
        _nodes.TryGetValue(node, out var counter) ? (Volatile.Read(ref counter.Turns), Volatile.Read(ref counter.Activities)) : (0, 0);

    void IRuntimeObserver.TurnsCommitted(NodeRegistration node, ShardId shard, int turns)
    {
        Interlocked.Add(ref CounterOf(node).Turns, turns);
        _trouble.Worked();
        Committed?.Invoke(shard);
    }

    void IRuntimeObserver.Renewed(NodeRegistration node) => _trouble.Answered();

    void IRuntimeObserver.ActivityEnded(NodeRegistration node, ActivityAssignment activity, ActivityEnded ended) =>
        Interlocked.Increment(ref CounterOf(node).Activities);

    void IRuntimeObserver.Joined(NodeRegistration node) => LogJoined(logger, node.Name);

    void IRuntimeObserver.Ended(NodeRegistration node, NodeEnd how) => LogEnded(logger, node.Name, how);

    void IRuntimeObserver.PlacementSeen(NodeRegistration node, PlacementView seen) => PlacementSeen?.Invoke(node, seen);

    void IRuntimeObserver.AskedToLeave(NodeRegistration node)
    {
        if (_askedToLeave.TrySetResult())
        {
            LogAskedToLeave(logger, node.Name);
        }
    }

    void IRuntimeObserver.LeaseLost(NodeRegistration node, Lease lease) => LogLeaseLost(logger, node.Name, lease.Shard.Number, lease.Epoch);

    void IRuntimeObserver.TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) =>
        LogTurnFailed(logger, fault, node.Name, actor.ToString(), attempt);

    void IRuntimeObserver.DeadLettered(NodeRegistration node, DeadLetter letter) =>
        LogDeadLettered(logger, node.Name, letter.Message.Type, letter.To.ToString(), letter.Error);

    void IRuntimeObserver.Removed(NodeRegistration node, Removals removals) =>
        LogRemoved(logger, node.Name, removals.Replies, removals.JournalEntries, removals.Rows);

    void IRuntimeObserver.Fault(NodeRegistration node, string doing, Exception fault)
    {
        if (fault is not StoreFaultException)
        {
            LogFault(logger, fault, node.Name, doing);
        }
        else if (_trouble.Met(fault.Message))
        {
            LogStoreFault(logger, node.Name, doing, fault.Message);
            _storeFailed.TrySetResult(fault.Message);
        }
    }

    /// <summary>Following the journal failed and is tried again.</summary>
    public void FollowingFailed(Exception fault)
    {
        if (fault is not StoreFaultException)
        {
            LogFollowingFailed(logger, fault);
        }
    }

    private Counter CounterOf(NodeRegistration node) => _nodes.GetOrAdd(node.Name, _ => new Counter());

    private sealed class Counter
    {
        public long Turns;
        public long Activities;
    }
}

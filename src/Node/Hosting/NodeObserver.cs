using System.Collections.Concurrent;
using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <summary>Counts what each node of the process did since it started, and logs what people should know.</summary>
internal sealed partial class NodeObserver(ILogger<NodeObserver> logger, TimeProvider time) : IRuntimeObserver
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Counter> _nodes = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _storeFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private (string Message, long At)? _lastStoreFault;

    /// <summary>Completes when the store could not be used for the first time, with the reason for people.</summary>
    public Task<string> StoreFailed => _storeFailed.Task;

    /// <summary>Why the store cannot be used; null while it can.</summary>
    public string? StoreFault
    {
        get
        {
            lock (_lock)
            {
                return _lastStoreFault?.Message;
            }
        }
    }

    /// <summary>What a node did; nothing, if it is not of this process.</summary>
    public (long Turns, long Activities) Of(string node) =>
        _nodes.TryGetValue(node, out var counter) ? (Volatile.Read(ref counter.Turns), Volatile.Read(ref counter.Activities)) : (0, 0);

    void IRuntimeObserver.TurnsCommitted(NodeRegistration node, ShardId shard, int turns)
    {
        Interlocked.Add(ref CounterOf(node).Turns, turns);
        lock (_lock)
        {
            _lastStoreFault = null;
        }
    }

    void IRuntimeObserver.ActivityEnded(NodeRegistration node, ActivityAssignment activity, ActivityEnded ended) =>
        Interlocked.Increment(ref CounterOf(node).Activities);

    void IRuntimeObserver.Joined(NodeRegistration node) => LogJoined(logger, node.Name);

    void IRuntimeObserver.Ended(NodeRegistration node, NodeEnd how) => LogEnded(logger, node.Name, how);

    void IRuntimeObserver.LeaseLost(NodeRegistration node, Lease lease) => LogLeaseLost(logger, node.Name, lease.Shard.Number, lease.Epoch);

    void IRuntimeObserver.TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) =>
        LogTurnFailed(logger, fault, node.Name, actor.ToString(), attempt);

    void IRuntimeObserver.DeadLettered(NodeRegistration node, DeadLetter letter) =>
        LogDeadLettered(logger, node.Name, letter.Message.Type, letter.To.ToString(), letter.Error);

    void IRuntimeObserver.Fault(NodeRegistration node, string doing, Exception fault)
    {
        if (fault is not StoreFaultException)
        {
            LogFault(logger, fault, node.Name, doing);
        }
        else if (IsNews(fault.Message))
        {
            LogStoreFault(logger, node.Name, doing, fault.Message);
            _storeFailed.TrySetResult(fault.Message);
        }
    }

    /// <summary>A full disk fails everything that every node tries, again and again; it is told once a minute.</summary>
    private bool IsNews(string message)
    {
        lock (_lock)
        {
            if (_lastStoreFault is { } last && last.Message == message && time.GetElapsedTime(last.At) < Repeat)
            {
                return false;
            }

            _lastStoreFault = (message, time.GetTimestamp());
            return true;
        }
    }

    private Counter CounterOf(NodeRegistration node) => _nodes.GetOrAdd(node.Name, _ => new Counter());

    private sealed class Counter
    {
        public long Turns;
        public long Activities;
    }
}

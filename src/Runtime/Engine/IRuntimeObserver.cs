namespace Latecomer.Runtime;

/// <summary>Hears what nodes do, for logs, metrics and people. Called on the nodes' own paths: it must be quick, and throw nothing. What it
/// hears has happened; what a killed node did last it may not hear.</summary>
public interface IRuntimeObserver
{
    /// <summary>A node has joined under an incarnation.</summary>
    void Joined(NodeRegistration node)
    {
    }

    /// <summary>A node has prolonged its life: the store was there to do so.</summary>
    void Renewed(NodeRegistration node)
    {
    }

    /// <summary>A node's incarnation has ended.</summary>
    void Ended(NodeRegistration node, NodeEnd how)
    {
    }

    /// <summary>A node looked at who owns what.</summary>
    void PlacementSeen(NodeRegistration node, PlacementView seen)
    {
    }

    /// <summary>Somebody has marked a node as one that hands over, which it had not done itself: whoever runs it should stop it.</summary>
    void AskedToLeave(NodeRegistration node)
    {
    }

    /// <summary>A node took shards.</summary>
    void LeasesTaken(NodeRegistration node, IReadOnlyList<Lease> leases)
    {
    }

    /// <summary>A node gave shards up.</summary>
    void LeasesReleased(NodeRegistration node, IReadOnlyList<Lease> leases)
    {
    }

    /// <summary>A node found that a shard is not its own any more.</summary>
    void LeaseLost(NodeRegistration node, Lease lease)
    {
    }

    /// <summary>A batch of turns is durable.</summary>
    void TurnsCommitted(NodeRegistration node, ShardId shard, int turns)
    {
    }

    /// <summary>A turn failed; its message stays until it has failed <see cref="ActorLimits.Attempts"/> times.</summary>
    void TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault)
    {
    }

    /// <summary>A message was set aside.</summary>
    void DeadLettered(NodeRegistration node, DeadLetter letter)
    {
    }

    /// <summary>A node runs an activity.</summary>
    void ActivityStarted(NodeRegistration node, ActivityAssignment activity)
    {
    }

    /// <summary>An activity's end is durable.</summary>
    void ActivityEnded(NodeRegistration node, ActivityAssignment activity, ActivityEnded ended)
    {
    }

    /// <summary>A node has removed what was kept long enough.</summary>
    void Removed(NodeRegistration node, Removals removals)
    {
    }

    /// <summary>Something that will be tried again went wrong.</summary>
    /// <param name="node">Where.</param>
    /// <param name="doing">What it was doing, as in "while ...".</param>
    /// <param name="fault">What went wrong.</param>
    void Fault(NodeRegistration node, string doing, Exception fault)
    {
    }
}

/// <summary>Hears everything and says nothing.</summary>
public sealed class SilentObserver : IRuntimeObserver
{
    /// <summary>The one.</summary>
    public static SilentObserver Instance { get; } = new();
}

/// <summary>How an incarnation of a node ended.</summary>
public enum NodeEnd
{
    /// <summary>It handed over and left.</summary>
    Stopped,

    /// <summary>It could not renew in time, and stopped by itself. What it owned is taken over by others.</summary>
    Expired,

    /// <summary>It ended without a word, as a test asked it to.</summary>
    Killed,
}

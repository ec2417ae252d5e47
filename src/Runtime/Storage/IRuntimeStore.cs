namespace Latecomer.Runtime;

/// <summary>Where everything durable of the runtime lives. One database; a port for each table of it. What returns has been made durable.
/// I/O faults are exceptions, after which nothing is known about what the call did; what is expected (a lease lost, a request known) is
/// a value. Every implementation passes the same compliance suite. Safe to call from any thread.</summary>
public interface IRuntimeStore : IAsyncDisposable
{
    /// <summary>Who takes part.</summary>
    IMembershipStore Membership { get; }

    /// <summary>Who owns which shard.</summary>
    ILeaseStore Leases { get; }

    /// <summary>Mailboxes, due timers, state images; and the one place where a turn becomes real.</summary>
    ITurnStore Turns { get; }

    /// <summary>Which actors there are.</summary>
    IActorStore Actors { get; }

    /// <summary>Requests from the edge and their replies.</summary>
    IRequestStore Requests { get; }

    /// <summary>Work with side effects.</summary>
    IActivityStore Activities { get; }

    /// <summary>Rows that queries read.</summary>
    IProjectionStore Projections { get; }

    /// <summary>What happened.</summary>
    IJournalStore Journal { get; }

    /// <summary>What could not be handled.</summary>
    IDeadLetterStore DeadLetters { get; }
}

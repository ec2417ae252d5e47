namespace Latecomer.Runtime;

/// <summary>A store in memory, with every guarantee but durability: for tests, and for the simulation, where its calls complete
/// synchronously. Several nodes share one instance. Bytes are kept as given; whoever gets them must not write into them.</summary>
public sealed class InMemoryRuntimeStore : IRuntimeStore
{
    /// <summary>An empty store whose clock is <paramref name="time"/>, made monotone.</summary>
    public InMemoryRuntimeStore(TimeProvider time)
    {
        var tables = new MemoryTables(time);
        Membership = new MemoryMembership(tables);
        Leases = new MemoryLeases(tables);
        Turns = new MemoryTurns(tables);
        Actors = new MemoryActors(tables);
        Requests = new MemoryRequests(tables);
        Activities = new MemoryActivities(tables);
        Projections = new MemoryProjections(tables);
        Journal = new MemoryJournal(tables);
        DeadLetters = new MemoryDeadLetters(tables);
    }

    /// <inheritdoc/>
    public IMembershipStore Membership { get; }

    /// <inheritdoc/>
    public ILeaseStore Leases { get; }

    /// <inheritdoc/>
    public ITurnStore Turns { get; }

    /// <inheritdoc/>
    public IActorStore Actors { get; }

    /// <inheritdoc/>
    public IRequestStore Requests { get; }

    /// <inheritdoc/>
    public IActivityStore Activities { get; }

    /// <inheritdoc/>
    public IProjectionStore Projections { get; }

    /// <inheritdoc/>
    public IJournalStore Journal { get; }

    /// <inheritdoc/>
    public IDeadLetterStore DeadLetters { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

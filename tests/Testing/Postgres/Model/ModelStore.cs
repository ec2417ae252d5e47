using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The store in PostgreSQL, on a model of it: the transactions of <c>PostgresRuntimeStore</c>, statement for statement, as one process sends them.</summary>
public sealed class ModelStore : IRuntimeStore
{
    /// <param name="database">The server.</param>
    /// <param name="client">The process.</param>
    /// <param name="watch">Hears what becomes durable.</param>
    /// <param name="groups">How batches of turns share transactions; null: as the store has it.</param>
    public ModelStore(ModelDatabase database, IModelClient client, IModelWatch watch, ModelGroups? groups = null)
    {
        var connection = new ModelConnection(database, client);
        Membership = new ModelMembership(connection, watch);
        Leases = new ModelLeases(connection, watch);
        Turns = new ModelTurns(connection, watch, groups ?? new ModelGroups());
        Actors = new ModelActors(connection);
        Requests = new ModelRequests(connection, watch);
        Activities = new ModelActivities(connection, watch);
        Projections = new ModelProjections(connection);
        Journal = new ModelJournal(connection, watch);
        DeadLetters = new ModelDeadLetters(connection);
    }

    public IMembershipStore Membership { get; }

    public ILeaseStore Leases { get; }

    public ITurnStore Turns { get; }

    public IActorStore Actors { get; }

    public IRequestStore Requests { get; }

    public IActivityStore Activities { get; }

    public IProjectionStore Projections { get; }

    public IJournalStore Journal { get; }

    public IDeadLetterStore DeadLetters { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>How batches of turns share transactions.</summary>
/// <param name="AtOnce">Transactions of turns that are under way at once.</param>
/// <param name="TurnsTogether">Turns that share one.</param>
public sealed record ModelGroups(int AtOnce = 2, int TurnsTogether = PostgresDatabase.UsualTurnsTogether);

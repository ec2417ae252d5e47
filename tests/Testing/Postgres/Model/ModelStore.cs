using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The store in PostgreSQL, on a model of it: the transactions of <c>PostgresRuntimeStore</c>, statement for statement, as one process sends them.</summary>
public sealed class ModelStore : IRuntimeStore
{
    public ModelStore(ModelDatabase database, IModelClient client, IModelWatch watch)
    {
        var connection = new ModelConnection(database, client);
        Membership = new ModelMembership(connection, watch);
        Leases = new ModelLeases(connection, watch);
        Turns = new ModelTurns(connection, watch);
        Requests = new ModelRequests(connection, watch);
        Activities = new ModelActivities(connection, watch);
        Projections = new ModelProjections(connection);
        Journal = new ModelJournal(connection);
        DeadLetters = new ModelDeadLetters(connection);
    }

    public IMembershipStore Membership { get; }

    public ILeaseStore Leases { get; }

    public ITurnStore Turns { get; }

    public IRequestStore Requests { get; }

    public IActivityStore Activities { get; }

    public IProjectionStore Projections { get; }

    public IJournalStore Journal { get; }

    public IDeadLetterStore DeadLetters { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

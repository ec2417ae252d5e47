namespace Latecomer.Runtime.Postgres;

/// <summary>A store in a PostgreSQL database, for the nodes of a cluster, each with an instance of its own. Its clock is the database's. What a
/// call made durable survives what the database survives. Safety rests on the lease's epoch alone, never on a clock or a connection: when a
/// connection is lost at the commit, the call fails, and whoever takes the lease anew finds all of it or nothing, for good.</summary>
public sealed class PostgresRuntimeStore : IRuntimeStore
{
    private readonly PostgresDatabase _database;

    private PostgresRuntimeStore(PostgresDatabase database, StoreClock clock)
    {
        _database = database;
        Membership = new PostgresMembership(database, clock);
        Leases = new PostgresLeases(database, clock);
        Turns = new PostgresTurns(database, clock);
        Actors = new PostgresActors(database);
        Requests = new PostgresRequests(database);
        Activities = new PostgresActivities(database, clock);
        Projections = new PostgresProjections(database);
        Journal = new PostgresJournal(database);
        DeadLetters = new PostgresDeadLetters(database);
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

    /// <summary>Opens the store, making or renewing its tables (schema <c>latecomer</c>) where that is due. Any number of nodes may do so at once.</summary>
    /// <param name="connectionString">As Npgsql reads it, for example <c>Host=db.example;Database=latecomer;Username=latecomer</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreRefusedException">It is of a newer build or of another program, the server is not fit for it, or does not let us in; nothing was changed.</exception>
    /// <exception cref="StoreFaultException">It cannot be reached, read or written; it may be tried again.</exception>
    public static Task<PostgresRuntimeStore> Open(string connectionString, CancellationToken cancellation) =>
        Open(connectionString, time: null, beforeCommit: "", cancellation);

    /// <summary>What only those know who may use this store: nodes prove by it to each other that they are of the same cluster. Not to be told, nor logged.</summary>
    /// <exception cref="StoreFaultException">It cannot be read.</exception>
    public async Task<byte[]> ReadSecret(CancellationToken cancellation) =>
        (await _database.Query("SELECT secret FROM latecomer.store", row => row.Bytes(0), [], cancellation))[0];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // Tests give a clock of their own, and hold transactions before their commit; benchmarks say how many turns share one.
    internal static async Task<PostgresRuntimeStore> Open(
        string connectionString, TimeProvider? time, string beforeCommit, CancellationToken cancellation, int turnsTogether = PostgresDatabase.UsualTurnsTogether)
    {
        var database = new PostgresDatabase(connectionString, beforeCommit) { TurnsTogether = turnsTogether };
        try
        {
            await database.Use(connection => Schema.Migrate(connection, database.Name, cancellation), cancellation);
            await database.PrepareWherePossible(cancellation);
            return new PostgresRuntimeStore(database, new StoreClock(time));
        }
        catch (Exception e)
        {
            await database.DisposeAsync();
            if (e is StoreFaultException fault && PostgresFault.IsRefusalOfUs(fault))
            {
                throw new StoreRefusedException(fault.Message, fault);
            }

            throw;
        }
    }
}

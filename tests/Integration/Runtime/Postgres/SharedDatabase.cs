using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Latecomer.Tests.Testing.Runtime;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>A database under the stores of several nodes, with one clock that tests move, whose transactions can be held at chosen places.
/// Two nodes are alive, and the first owns <see cref="Shard"/>.</summary>
public sealed class SharedDatabase : IAsyncDisposable
{
    /// <summary>A statement that waits for as long as <see cref="Hold"/> holds its gate, also when nobody else would wait that long for a lock.</summary>
    public const string AtGate = "SELECT set_config('lock_timeout', '0', true), pg_advisory_xact_lock_shared(1)";

    /// <summary>As <see cref="AtGate"/>, for the second gate.</summary>
    public const string AtSecondGate = "SELECT set_config('lock_timeout', '0', true), pg_advisory_xact_lock_shared(2)";

    private readonly TestDatabase _database;
    private readonly FakeClock _clock = new();
    private readonly List<PostgresRuntimeStore> _stores = [];
    private readonly List<NpgsqlConnection> _holders = [];

    private SharedDatabase(TestDatabase database) => _database = database;

    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(4);

    public static ShardId Shard { get; } = new(7);

    public static ShardId OtherShard { get; } = new(8);

    public static ActorId Alice { get; } = new("Toy", "alice");

    public static Incarnation First { get; } = new(new Guid(1, 0, 0, new byte[8]));

    public static Incarnation Second { get; } = new(new Guid(2, 0, 0, new byte[8]));

    /// <summary>The first node's lease of <see cref="Shard"/>.</summary>
    public static Lease Lease { get; } = new(Shard, 1, First);

    public string ConnectionString => _database.ConnectionString;

    public static async Task<SharedDatabase> Open()
    {
        var shared = new SharedDatabase(await TestDatabase.Rent());
        var store = await shared.OpenStore();
        await shared.Sql("CREATE OR REPLACE FUNCTION latecomer.clock(known bigint) RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT known'");
        (await store.Membership.Join(new NodeRegistration(First, "first", "", "1.0"), Lifetime, default)).ShouldBeTrue();
        (await store.Membership.Join(new NodeRegistration(Second, "second", "", "1.0"), Lifetime, default)).ShouldBeTrue();
        (await Take(store, First, 0)).ShouldBe(Lease);
        return shared;
    }

    /// <summary>A store as a node of its own has it.</summary>
    /// <param name="beforeCommit">The last statement of each of its transactions.</param>
    /// <param name="connectionString">By which it gets here, if not straight.</param>
    public async Task<PostgresRuntimeStore> OpenStore(string beforeCommit = "", string? connectionString = null)
    {
        var store = await PostgresRuntimeStore.Open(connectionString ?? ConnectionString, _clock, beforeCommit, default);
        _stores.Add(store);
        return store;
    }

    /// <summary>Lets the first node expire, and only that one.</summary>
    public async Task FirstExpires()
    {
        _clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        (await _stores[0].Membership.Renew(Second, Lifetime, default)).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    public static async Task<Lease?> Take(IRuntimeStore store, Incarnation node, long seen) =>
        (await store.Leases.TakeOver([new ShardOwnership(Shard, seen, Owner: null)], node, default)).SingleOrDefault();

    /// <summary>A turn that writes a state, an entry and a message.</summary>
    public TurnBatch Turn(Lease? lease = null, long replaces = 0, string cause = "cause")
    {
        var batch = new TurnBatch(lease ?? Lease, _clock.GetUtcNow());
        batch.States.Add((new StateImage(Alice, replaces + 1, 1, [1]), replaces));
        batch.Journal.Add(new NewJournalEntry(Alice, replaces + 1, new SerializedMessage("Happened", 1, [2]), cause));
        batch.Sends.Add(new NewMail(Alice, Shard, From: null, new SerializedMessage("Said", 1, [3]), cause));
        return batch;
    }

    /// <summary>How often a <see cref="Turn"/> became real. It fails if one did in part.</summary>
    public async Task<int> TurnsWritten()
    {
        var written = await _stores[0].Journal.Entries(Shard, 0, 100, default);
        var images = await _stores[0].Turns.LoadStates(Shard, [Alice], default);
        (await _stores[0].Turns.ReadWork(Shard, 100, 100, default)).Mail.Count.ShouldBe(written.Count);
        images.Sum(i => i.Revision).ShouldBe(written.Count);
        return written.Count;
    }

    /// <summary>Shuts a gate, until <see cref="Release"/>.</summary>
    public async Task<NpgsqlConnection> Hold(int gate = 1)
    {
        var holder = await Connect();
        await Execute(holder, $"SELECT pg_advisory_lock({gate})");
        return holder;
    }

    public async Task Release(NpgsqlConnection holder)
    {
        _holders.Remove(holder);
        await holder.DisposeAsync();
    }

    /// <summary>A connection of somebody else's; it is closed at the end.</summary>
    public async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        _holders.Add(connection);
        return connection;
    }

    public static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public Task Sql(string sql) => _database.Sql(sql);

    public async Task<T> Scalar<T>(string sql) => (await _database.Scalar<T>(sql))!;

    /// <summary>Waits until a transaction stands at a gate.</summary>
    public Task UntilAtGate(int gate = 1) =>
        Until($"EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {gate} AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");

    /// <summary>Waits until so many transactions wait for a lock.</summary>
    public Task UntilWaiting(int transactions) => Until(Waiting(transactions));

    /// <summary>The condition that so many transactions wait for a lock.</summary>
    public static string Waiting(int transactions) =>
        $"(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') >= {transactions}";

    /// <summary>Waits, in the server, until something is so there.</summary>
    public Task Until(string condition) => Sql($"""
        DO $do$
        DECLARE began timestamptz := clock_timestamp();
        BEGIN
            WHILE NOT ({condition}) LOOP
                IF clock_timestamp() > began + interval '20 s' THEN RAISE EXCEPTION 'it never became true: %', $text${condition}$text$; END IF;
                PERFORM pg_sleep(0.01);
                PERFORM pg_stat_clear_snapshot();
            END LOOP;
        END
        $do$
        """);

    public async ValueTask DisposeAsync()
    {
        foreach (var holder in _holders)
        {
            await holder.DisposeAsync();
        }

        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await _database.Return();
    }
}

using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>A database as PostgreSQL is one, as far as the store leans on it: row locks to the end of the transaction, snapshots of statements, a sequence
/// that waits for nobody's commit. Everything runs in the thread that calls; transactions that have to wait, stand in <see cref="Standing"/>.</summary>
/// <param name="time">The server's clock.</param>
/// <param name="weakness">What is done worse here than the store does it.</param>
public sealed class ModelDatabase(TimeProvider time, Weakness weakness = Weakness.None)
{
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(2);

    private static int _made;

    private readonly Dictionary<ShardId, ShardTables> _shards = [];
    private readonly Dictionary<string, LockableRow> _advisory = [];
    private readonly Lock _gate = new();
    private readonly List<ModelTransaction> _open = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private long _transactions;

    public Weakness Weakness => weakness;

    public Guid Identity { get; } = new(Interlocked.Increment(ref _made), 1, 0, new byte[8]);

    /// <summary>Transactions that do not go on by themselves.</summary>
    public List<StandingTransaction> Standing { get; } = [];

    /// <summary>Hears of what is rare.</summary>
    public Action<string> Noticed { get; set; } = _ => { };

    public Table<Incarnation, NodeStatus> Nodes { get; } = Table<Incarnation, NodeStatus>.Unordered();

    public Table<int, ShardOwnership> Shards { get; } = Table<int, ShardOwnership>.Ordered();

    public Table<RequestId, ModelRequest> Requests { get; } = Table<RequestId, ModelRequest>.Unordered();

    public Table<ActivityKey, ModelActivity> Activities { get; } = Table<ActivityKey, ModelActivity>.Unordered();

    public Table<(string Projection, string Key), ProjectionRow> Projections { get; } = Table<(string, string), ProjectionRow>.Unordered();

    public Table<(DateTimeOffset At, string Projection, string Key), ModelRetired> Retired { get; } = Table<(DateTimeOffset, string, string), ModelRetired>.Unordered();

    public Table<long, ModelDeadLetter> DeadLetters { get; } = Table<long, ModelDeadLetter>.Ordered();

    /// <summary>The row of the table <c>store</c>, for those who lock that.</summary>
    public LockableRow TheStore { get; } = new();

    /// <summary>How many transactions have written something: what snapshots are made of.</summary>
    public long Commits { get; internal set; }

    public DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            return _last = now > _last ? now : _last;
        }
    }

    /// <summary>The clock as everybody has it, for what is measured by it.</summary>
    public TimeProvider Time => time;

    /// <summary>nextval: given when asked for, whenever its transaction commits.</summary>
    public long NextNumber() => ++LastNumber;

    /// <summary>The last number that was given.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Of the transactions that are under way and have an id the lowest; without any the next one's.</summary>
    public long OldestTransaction
    {
        get
        {
            var oldest = _transactions + 1;
            foreach (var open in _open)
            {
                oldest = open is { Id: { } id, IsTerminated: false } && id < oldest ? id : oldest;
            }

            return oldest;
        }
    }

    public ShardTables TablesOf(ShardId shard)
    {
        if (!_shards.TryGetValue(shard, out var tables))
        {
            _shards.Add(shard, tables = new ShardTables());
        }

        return tables;
    }

    public ShardTables TablesOf(int shard) => TablesOf(new ShardId(shard));

    public IEnumerable<ShardTables> AllTables => _shards.Values;

    public LockableRow Advisory(string name)
    {
        if (!_advisory.TryGetValue(name, out var row))
        {
            _advisory.Add(name, row = new LockableRow());
        }

        return row;
    }

    /// <summary>Runs a transaction to its end, or as far as it comes. Several threads may: each step of one is a step of all.</summary>
    /// <exception cref="ModelRefusal">It was ended, or its client does not know what became of it.</exception>
    public async ValueTask<T> Run<T>(IModelClient client, string what, Func<ModelTransaction, ValueTask<T>> statements, bool repeatableRead = false)
    {
        var transaction = new ModelTransaction(this, client, what) { IsRepeatableRead = repeatableRead };
        var answer = new TaskCompletionSource<T>();
        transaction.OnLoss(fault => answer.TrySetException(fault));
        lock (_gate)
        {
            _open.Add(transaction);
            _ = Serve(transaction, statements, answer);
        }

        return await answer.Task;
    }

    /// <summary>latecomer.end_silent.</summary>
    public int EndSilent(TimeSpan silence)
    {
        var silent = Standing.OfType<ClientWait>().Where(w => w.Transaction is { HoldsLeases: true, IsTerminated: false } && w.Silence > silence).ToList();
        silent.ForEach(w =>
        {
            w.Transaction.Terminate();
            Noticed("silent transactions ended by take-overs");
        });
        return silent.Count;
    }

    internal long NextTransaction() => ++_transactions;

    internal long OldestSnapshotBut(ModelTransaction transaction)
    {
        var oldest = long.MaxValue;
        foreach (var open in _open)
        {
            oldest = open != transaction && open.Snapshot < oldest ? open.Snapshot : oldest;
        }

        return oldest;
    }

    private async Task Serve<T>(ModelTransaction transaction, Func<ModelTransaction, ValueTask<T>> statements, TaskCompletionSource<T> answer)
    {
        try
        {
            var result = await statements(transaction);
            await transaction.Next("COMMIT");
            transaction.Commit();
            _open.Remove(transaction);
            answer.TrySetResult(result);
        }
        catch (Exception fault)
        {
            transaction.Undo();
            _open.Remove(transaction);
            answer.TrySetException(fault);
        }
    }
}

/// <summary>The rows of one shard.</summary>
public sealed class ShardTables
{
    public Table<long, Mail> Mailbox { get; } = Table<long, Mail>.Ordered();

    public Table<ActorId, StateImage> States { get; } = Table<ActorId, StateImage>.Unordered();

    public Table<long, JournalEntry> Journal { get; } = Table<long, JournalEntry>.Ordered();

    public Table<(ActorId Actor, string Name), DueTimer> Timers { get; } = Table<(ActorId, string), DueTimer>.Unordered();
}

/// <summary>A row of requests.</summary>
public sealed record ModelRequest(string Hash, DateTimeOffset ExpiresAt, StoredReply? Reply, DateTimeOffset? AnsweredAt);

/// <summary>A row of a projection that is history.</summary>
public sealed record ModelRetired(DateTimeOffset At, string Projection, string Key);

/// <summary>A row of dead letters.</summary>
public sealed record ModelDeadLetter(ShardId Shard, DeadLetter Letter);

/// <summary>A row of activities.</summary>
public sealed record ModelActivity(
    long Started, ActivityKey Key, ShardId Shard, string Kind, byte[] Input, string Cause, int Attempt, Incarnation? Worker, bool CancelRequested);

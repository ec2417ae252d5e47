namespace Latecomer.Runtime;

/// <summary>What the in-memory store remembers. Whoever touches anything holds <see cref="Gate"/>: a call is a transaction.</summary>
internal sealed class MemoryTables(TimeProvider time)
{
    private readonly Dictionary<ShardId, MemoryShard> _shards = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private long _lastId;

    public Lock Gate { get; } = new();

    public Dictionary<Incarnation, NodeStatus> Nodes { get; } = [];

    public SortedDictionary<ShardId, ShardOwnership> Leases { get; } = [];

    public Dictionary<RequestId, RequestRow> Requests { get; } = [];

    public Dictionary<ActivityKey, ActivityRow> Activities { get; } = [];

    public Dictionary<string, SortedSet<ProjectionRow>> Projections { get; } = [];

    /// <summary>Rows of projections that are history, longest first.</summary>
    public SortedSet<RetiredRow> Retired { get; } = new(Comparer<RetiredRow>.Create((a, b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal($"{a.Projection}\0{a.Key}", $"{b.Projection}\0{b.Key}")));

    public SortedDictionary<long, (ShardId Shard, DeadLetter Letter)> DeadLetters { get; } = [];

    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return _last = now > _last ? now : _last;
    }

    /// <summary>Ids of mail, generations of timers, the order of activities: one sequence.</summary>
    public long NextId() => ++_lastId;

    /// <summary>A shard's rows; null if it never had any.</summary>
    public MemoryShard? Find(ShardId shard) => _shards.GetValueOrDefault(shard);

    /// <summary>All shards that ever had rows, by number.</summary>
    public IEnumerable<(ShardId Shard, MemoryShard Rows)> Shards => _shards.OrderBy(s => s.Key).Select(s => (s.Key, s.Value));

    /// <summary>The mail of all shards.</summary>
    public int Mail => _shards.Values.Sum(shard => shard.Mail.Count);

    public MemoryShard Shard(ShardId shard)
    {
        if (!_shards.TryGetValue(shard, out var found))
        {
            _shards.Add(shard, found = new MemoryShard());
        }

        return found;
    }

    public bool IsLive(Incarnation node) => Nodes.TryGetValue(node, out var status) && status.IsLive(Now());

    public bool IsHeld(Lease lease) =>
        Leases.TryGetValue(lease.Shard, out var row) && row.Epoch == lease.Epoch && row.Owner == lease.Owner;

    public void Deliver(ShardId shard, ActorId to, ActorId? from, SerializedMessage message, string cause, RequestId? request = null)
    {
        var mail = new Mail(NextId(), to, from, message, cause, Attempts: 0, request);
        var rows = Shard(shard);
        rows.Mail.Add(mail.Id, mail);
        rows.NewestMail = mail.Id;
    }
}

/// <summary>A request as the in-memory store has it.</summary>
internal sealed class RequestRow(string hash, DateTimeOffset expiresAt)
{
    public string Hash { get; } = hash;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public StoredReply? Reply { get; set; }

    public DateTimeOffset AnsweredAt { get; set; }
}

/// <summary>A row of a projection that is history.</summary>
internal readonly record struct RetiredRow(DateTimeOffset At, string Projection, string Key);

/// <summary>An activity as the in-memory store has it.</summary>
internal sealed class ActivityRow(long order, ActivityKey key, ShardId shard, string kind, byte[] input, string cause)
{
    public long Order { get; } = order;

    public ActivityKey Key { get; } = key;

    public ShardId Shard { get; } = shard;

    public string Kind { get; } = kind;

    public byte[] Input { get; } = input;

    public string Cause { get; } = cause;

    public int Attempt { get; set; }

    public Incarnation? Worker { get; set; }

    public bool CancelRequested { get; set; }
}

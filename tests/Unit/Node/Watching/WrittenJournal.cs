using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Watching;
using Latecomer.Runtime;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Node.Watching;

/// <summary>A store in memory to whose journal a test writes turns of partitions, and what watches it.</summary>
internal sealed class WrittenJournal : IAsyncDisposable
{
    private static readonly NodeRegistration Node = new(new Incarnation(new Guid(1, 0, 0, new byte[8])), "node", "", "1");

    private readonly Dictionary<ShardId, Lease> _leases = [];
    private readonly Dictionary<ActorId, long> _revisions = [];
    private readonly JournalReader _reader;

    public WrittenJournal()
    {
        Store = new InMemoryRuntimeStore(Clock);
        Shards = Catalog.Shards.Max(s => s.Number) + 1;
        _reader = new JournalReader(Store, new EntryDecoder(Catalog), new WorkTasks(Store.Projections, Clock));
        Tail = new JournalTail(Store, _reader, Shards, TimeProvider.System, new TailSurroundings(() => Said++, fault => throw new InvalidOperationException("The tail failed.", fault)));
        Watch = new JournalWatch(Store, _reader, Tail, Shards, TimeProvider.System);
    }

    public static ActorCatalog Catalog { get; } = ActorIds.Catalog();

    public FakeClock Clock { get; } = new();

    public InMemoryRuntimeStore Store { get; }

    public int Shards { get; }

    public JournalTail Tail { get; }

    public JournalWatch Watch { get; }

    /// <summary>How often it was said that somebody watches.</summary>
    public int Said { get; private set; }

    public static ActorId Partition(int day) => ActorIds.Partition(PipelineName.Parse("orders"), LogicalDate.Parse($"2026-01-{day:D2}"));

    /// <summary>Writes one turn: so many late-reports of a partition.</summary>
    public async Task Turn(int day, int entries = 1)
    {
        await TurnUntold(day, entries);
        Tail.Hear(Catalog.ShardOf(Partition(day)));
    }

    /// <summary>Writes one turn, and tells nobody.</summary>
    public async Task TurnUntold(int day, int entries = 1)
    {
        var actor = Partition(day);
        var shard = Catalog.ShardOf(actor);
        var batch = new TurnBatch(await Lease(shard), Clock.GetUtcNow());
        var revision = _revisions[actor] = _revisions.GetValueOrDefault(actor) + 1;
        var entry = Catalog.BehaviorOf(actor).WriteEntry(new PartitionEntry.LatenessReported(revision % 2 == 0));
        batch.Journal.AddRange(Enumerable.Repeat(new NewJournalEntry(actor, revision, entry, "test"), entries));
        (await Store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }

    /// <summary>Removes what can be removed of a partition's shard.</summary>
    public async Task Trim(int day) => (await Store.Journal.Trim(await Lease(Catalog.ShardOf(Partition(day))), DateTimeOffset.MaxValue, int.MaxValue, default)).ShouldNotBeNull();

    /// <summary>All that was written of each partition: the revisions, each as often as it has entries.</summary>
    public ImmutableSortedDictionary<string, string> Written(params int[] days) => days.ToImmutableSortedDictionary(
        day => Partition(day).Key, day => string.Join(' ', Enumerable.Range(1, (int)_revisions[Partition(day)])), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Tail.DisposeAsync();
        _reader.Dispose();
    }

    private async Task<Lease> Lease(ShardId shard)
    {
        if (!_leases.TryGetValue(shard, out var lease))
        {
            await Store.Membership.Join(Node, TimeSpan.FromDays(1000), default);
            lease = (await Store.Leases.TakeOver([new ShardOwnership(shard, 0, Owner: null)], Node.Incarnation, default)).Single();
            _leases.Add(shard, lease);
        }

        return lease;
    }
}

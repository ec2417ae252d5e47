using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>What a node looks for, and when.</summary>
public sealed class HousekeepingTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly ActorId Ann = CounterActor.Id("ann");
    private static readonly RuntimeSettings Settings = new() { Lifetime = TimeSpan.FromDays(1000) };

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _store;

    public HousekeepingTests() => _store = new InMemoryRuntimeStore(_clock);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_journal_is_looked_at_once_and_then_when_its_oldest_entry_is_old_enough()
    {
        var node = await Begin(Settings);
        await Write(node, 3);
        var housekeeping = new Housekeeping(node.Services, node.Owned);
        await DoAll(housekeeping);
        (await Journals(housekeeping)).ShouldBeEmpty();
        _clock.Advance(Settings.JournalKept);
        (await Journals(housekeeping)).ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromTicks(1));
        (await Journals(housekeeping)).ShouldContain(Toys.Catalog.ShardOf(Ann));
        (await DoAll(housekeeping)).ShouldBe(2);
        (await Journals(housekeeping)).ShouldBe([Toys.Catalog.ShardOf(Ann)]);
    }

    [Fact]
    public async Task What_a_shard_writes_after_it_was_found_empty_is_removed_in_its_time()
    {
        var node = await Begin(Settings);
        var housekeeping = new Housekeeping(node.Services, node.Owned);
        await DoAll(housekeeping);
        await Write(node, 3);
        _clock.Advance(Settings.JournalKept + Day);
        (await DoAll(housekeeping)).ShouldBe(2);
    }

    [Fact]
    public async Task A_shard_that_is_lost_keeps_its_journal()
    {
        var node = await Begin(Settings);
        await Write(node, 3);
        _clock.Advance(Settings.JournalKept + Day);
        var housekeeping = new Housekeeping(node.Services, node.Owned);
        var due = await housekeeping.Due(default);
        await _store.Leases.Release([.. node.Owned.Processors.Select(p => p.Lease)], default);
        foreach (var chore in due)
        {
            (await housekeeping.Do(chore, default)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_belongs_to_no_shard_is_removed_by_the_owner_of_the_first_one()
    {
        var one = await Begin(Settings);
        (await new Housekeeping(one.Services, one.Owned).Due(default)).Count(c => c is not Chore.Journal).ShouldBe(2);
        await one.Allocation.GiveUp([new ShardId(0)], default);
        (await new Housekeeping(one.Services, one.Owned).Due(default)).Count(c => c is not Chore.Journal).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_kept_for_ever_is_not_looked_for()
    {
        var node = await Begin(Settings with { RepliesKept = RuntimeSettings.ForEver, JournalKept = RuntimeSettings.ForEver, HistoryKept = RuntimeSettings.ForEver });
        await node.Ask(Ann, id => new CounterMessage.Add(1, id));
        await node.RunAll();
        _clock.Advance(900 * Day);
        (await new Housekeeping(node.Services, node.Owned).Due(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_is_there_for_the_time_that_was_promised_and_then_the_request_is_applied_again()
    {
        var node = await Begin(Settings);
        var housekeeping = new Housekeeping(node.Services, node.Owned);
        await node.Ask(Ann, id => new CounterMessage.Add(1, id));
        await node.RunAll();
        _clock.Advance(Settings.RepliesKept);
        await DoAll(housekeeping);
        (await Again(node)).ShouldBeOfType<SubmitOutcome.Decided>();
        _clock.Advance(TimeSpan.FromTicks(1));
        (await DoAll(housekeeping)).ShouldBe(1);
        (await Again(node)).ShouldBeOfType<SubmitOutcome.Accepted>();
        await node.RunAll();
        (await node.Counter("ann")).Sum.ShouldBe(2);
    }

    private static ValueTask<SubmitOutcome> Again(StepNode node)
    {
        var id = Toys.Request("request");
        return node.Edge.Submit(id, Ann, new CounterMessage.Add(1, id), default);
    }

    private static async Task<IReadOnlyList<ShardId>> Journals(Housekeeping housekeeping) =>
        [.. (await housekeeping.Due(default)).OfType<Chore.Journal>().Select(j => j.Of.Lease.Shard)];

    private static async Task<int> DoAll(Housekeeping housekeeping)
    {
        var removed = 0;
        foreach (var chore in await housekeeping.Due(default))
        {
            removed += await housekeeping.Do(chore, default);
        }

        return removed;
    }

    private Task<StepNode> Begin(RuntimeSettings settings) => new StepNode(_store, _clock, settings: settings).Begin();

    private async Task Write(StepNode node, int entries)
    {
        var batch = new TurnBatch(node.ProcessorOf(Ann).Lease, _clock.GetUtcNow());
        batch.Journal.AddRange(Enumerable.Range(1, entries).Select(i => new NewJournalEntry(Ann, i, new SerializedMessage("Old", 1, []), "test")));
        (await _store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }
}

using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Two stores at the same row: held where they meet, so that one always finds the other before its commit.</summary>
public sealed class PostgresRaceTests : IAsyncLifetime
{
    private static readonly RequestId Request = RequestId.Parse("request-1");
    private static readonly ActivityKey Activity = new(SharedDatabase.Alice, "activity");
    private static readonly SerializedMessage Said = new("Said", 1, [1]);

    private SharedDatabase _database = null!;
    private PostgresRuntimeStore _held = null!;
    private PostgresRuntimeStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await SharedDatabase.Open();
        _held = await _database.OpenStore(SharedDatabase.AtGate);
        _store = await _database.OpenStore();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_request_that_another_edge_is_about_to_accept_is_accepted_once()
    {
        var gate = await _database.Hold();
        var first = Submit(_held);
        await _database.UntilAtGate();
        var second = Submit(_store);
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await first).ShouldBeOfType<SubmitOutcome.Accepted>();
        (await second).ShouldBeOfType<SubmitOutcome.Pending>();
        (await MailIds()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_whose_first_edge_dies_before_its_commit_is_accepted_by_the_second()
    {
        var gate = await _database.Hold();
        var first = Submit(_held);
        await _database.UntilAtGate();
        var second = Submit(_store);
        await _database.UntilWaiting(2);
        await _database.Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'");
        await Should.ThrowAsync<StoreFaultException>(first);
        (await second).ShouldBeOfType<SubmitOutcome.Accepted>();
        await _database.Release(gate);
        (await MailIds()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_asked_again_does_not_wait_for_the_turn_that_answers_it()
    {
        await Submit(_store);
        var gate = await _database.Hold();
        var batch = new TurnBatch(SharedDatabase.Lease, DateTimeOffset.UnixEpoch);
        batch.Consumed.AddRange(await MailIds());
        batch.Replies.Add((Request, new StoredReply(ReplyStatus.Ok, [2], Message: null)));
        var turn = _held.Turns.Commit(batch, default).AsTask();
        await _database.UntilAtGate();
        (await Submit(_store)).ShouldBeOfType<SubmitOutcome.Pending>();
        await _database.Release(gate);
        (await turn).ShouldBe(CommitOutcome.Committed);
        (await Submit(_store)).ShouldBeOfType<SubmitOutcome.Decided>().Reply.Body.ShouldBe([2]);
        (await MailIds()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_activity_whose_end_is_being_written_is_given_to_nobody()
    {
        var given = await Started();
        var gate = await _database.Hold();
        var end = _held.Activities.Complete(given, SharedDatabase.First, Said, default).AsTask();
        await _database.UntilAtGate();
        await _database.Sql($"UPDATE latecomer.node SET expires_at = 0 WHERE incarnation = '{SharedDatabase.First.Value}'");
        (await _store.Activities.Claim([SharedDatabase.Shard], SharedDatabase.Second, [], 10, default)).ShouldBeEmpty();
        await _database.Release(gate);
        (await end).ShouldBeTrue();
        (await _store.Activities.Claim([SharedDatabase.Shard], SharedDatabase.Second, [], 10, default)).ShouldBeEmpty();
        (await MailIds()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_end_that_waits_while_the_activity_is_given_to_another_is_refused()
    {
        var given = await Started();
        await _database.Sql($"UPDATE latecomer.node SET expires_at = 0 WHERE incarnation = '{SharedDatabase.First.Value}'");
        var gate = await _database.Hold();
        var claim = _held.Activities.Claim([SharedDatabase.Shard], SharedDatabase.Second, [], 10, default).AsTask();
        await _database.UntilAtGate();
        await _database.Sql("UPDATE latecomer.node SET expires_at = 3000000000000000000");
        var end = _store.Activities.Complete(given, SharedDatabase.First, Said, default).AsTask();
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await claim).ShouldHaveSingleItem().Attempt.ShouldBe(2);
        (await end).ShouldBeFalse();
        (await MailIds()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_nodes_of_one_name_that_join_at_once_are_not_both_let_in()
    {
        var gate = await _database.Hold();
        var first = Join(_held, 8);
        await _database.UntilAtGate();
        var second = Join(_store, 9);
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await first).ShouldBeTrue();
        (await second).ShouldBeFalse();
    }

    [Fact]
    public async Task Nodes_that_take_and_release_the_same_shards_in_any_order_do_not_deadlock()
    {
        var shards = Enumerable.Range(100, 40).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var node = seed % 2 == 0 ? SharedDatabase.First : SharedDatabase.Second;
            var random = new Random(seed);
            for (var i = 0; i < 25; i++)
            {
                var known = (await _store.Leases.List(default)).ToDictionary(o => o.Shard.Number);
                random.Shuffle(shards);
                var wanted = shards[..20].Select(n => known.GetValueOrDefault(n) ?? new ShardOwnership(new ShardId(n), 0, Owner: null)).ToList();
                var taken = (await _store.Leases.TakeOver(wanted, node, default)).ToArray();
                random.Shuffle(taken);
                await _store.Leases.Release(taken, default);
            }
        })));
        (await _store.Leases.List(default)).Where(o => o.Shard.Number >= 100).ShouldAllBe(o => o.Owner == null);
    }

    private static Task<SubmitOutcome> Submit(PostgresRuntimeStore store) =>
        store.Requests.Submit(new NewRequest(Request, "hash", SharedDatabase.Alice, SharedDatabase.Shard, Said, DateTimeOffset.MaxValue), default).AsTask();

    private static Task<bool> Join(PostgresRuntimeStore store, int incarnation) => store.Membership.Join(
        new NodeRegistration(new Incarnation(new Guid(incarnation, 0, 0, new byte[8])), "twin", "", "1.0"), SharedDatabase.Lifetime, default).AsTask();

    private async Task<IReadOnlyList<long>> MailIds() =>
        [.. (await _store.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default)).Mail.Select(m => m.Id)];

    /// <summary>An activity that the first node runs.</summary>
    private async Task<ActivityAssignment> Started()
    {
        var batch = new TurnBatch(SharedDatabase.Lease, DateTimeOffset.UnixEpoch);
        batch.Activities.Add(new NewActivity(Activity, "work", [1], "cause"));
        (await _store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
        return (await _store.Activities.Claim([SharedDatabase.Shard], SharedDatabase.First, [], 10, default)).ShouldHaveSingleItem();
    }
}

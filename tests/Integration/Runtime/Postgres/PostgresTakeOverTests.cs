using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Two nodes, each with a store of its own on one database: whatever order their transactions meet in, no turn becomes real under a
/// lease that was taken over, and a take-over finds all that became real before it.</summary>
public sealed class PostgresTakeOverTests : IAsyncLifetime
{
    private SharedDatabase _database = null!;
    private PostgresRuntimeStore _first = null!;
    private PostgresRuntimeStore _second = null!;

    public async Task InitializeAsync()
    {
        _database = await SharedDatabase.Open();
        _first = await _database.OpenStore(SharedDatabase.AtGate);
        _second = await _database.OpenStore();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task What_one_store_wrote_the_other_reads()
    {
        (await _first.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.Committed);
        (await _second.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default)).Mail.ShouldHaveSingleItem().Cause.ShouldBe("cause");
        (await _second.Leases.List(default)).ShouldBe([new ShardOwnership(SharedDatabase.Shard, 1, SharedDatabase.First)]);
        (await SharedDatabase.Take(_second, SharedDatabase.Second, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task A_turn_that_comes_after_the_take_over_is_refused()
    {
        var work = await _first.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default);
        await _database.FirstExpires();
        (await SharedDatabase.Take(_second, SharedDatabase.Second, 1)).ShouldBe(new Lease(SharedDatabase.Shard, 2, SharedDatabase.Second));
        work.Mail.ShouldBeEmpty();
        (await _first.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.LeaseLost);
        (await _database.TurnsWritten()).ShouldBe(0);
    }

    [Fact]
    public async Task A_take_over_waits_for_a_turn_that_is_about_to_commit_and_finds_what_it_wrote()
    {
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var turn = _first.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        var taken = SharedDatabase.Take(_second, SharedDatabase.Second, 1);
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await turn).ShouldBe(CommitOutcome.Committed);
        (await taken).ShouldBe(new Lease(SharedDatabase.Shard, 2, SharedDatabase.Second));
        (await _second.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default)).Mail.ShouldHaveSingleItem();
        (await _first.Turns.Commit(_database.Turn(replaces: 1), default)).ShouldBe(CommitOutcome.LeaseLost);
        (await _database.TurnsWritten()).ShouldBe(1);
    }

    [Fact]
    public async Task A_turn_that_meets_a_take_over_waits_for_it_and_is_refused()
    {
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var taken = SharedDatabase.Take(_first, SharedDatabase.Second, 1);
        await _database.UntilAtGate();
        var turn = _second.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await taken).ShouldBe(new Lease(SharedDatabase.Shard, 2, SharedDatabase.Second));
        (await turn).ShouldBe(CommitOutcome.LeaseLost);
        (await _database.TurnsWritten()).ShouldBe(0);
    }

    [Fact]
    public async Task A_turn_that_hangs_keeps_its_shard_and_no_other()
    {
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var turn = _first.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        var taken = await _second.Leases.TakeOver(
            [new ShardOwnership(SharedDatabase.Shard, 1, SharedDatabase.First), new ShardOwnership(SharedDatabase.OtherShard, 0, Owner: null)], SharedDatabase.Second, default);
        taken.ShouldBe([new Lease(SharedDatabase.OtherShard, 1, SharedDatabase.Second)]);
        await _database.Release(gate);
        (await turn).ShouldBe(CommitOutcome.Committed);
        (await SharedDatabase.Take(_second, SharedDatabase.Second, 1)).ShouldNotBeNull();
        (await _database.TurnsWritten()).ShouldBe(1);
    }

    [Fact]
    public async Task Epochs_that_went_back_with_a_restored_database_do_not_let_an_old_owner_in()
    {
        await _database.FirstExpires();
        (await SharedDatabase.Take(_second, SharedDatabase.Second, 1)).ShouldNotBeNull();
        await _database.Sql("UPDATE latecomer.shard SET epoch = 1");
        (await _first.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.LeaseLost);
        (await _database.TurnsWritten()).ShouldBe(0);
    }
}

using Latecomer.Runtime;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>What the fence is for, shown on fences that are weaker: each race below is lost with one of them, and won with ours.</summary>
public sealed class WeakFenceTests : IAsyncLifetime
{
    private SharedDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SharedDatabase.Open();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task With_ours_no_turn_commits_after_a_take_over_that_it_did_not_see() => (await TakenOverBeforeItsCommit()).ShouldBeFalse();

    [Fact]
    public async Task With_ours_no_turn_that_waited_for_a_take_over_commits() => (await WaitedForTheTakeOver()).ShouldBeFalse();

    [Fact]
    public async Task With_ours_a_take_over_that_waits_comes_before_later_turns() => (await OvertakesAWaitingTakeOver()).ShouldBeFalse();

    [Fact]
    public async Task With_ours_a_transaction_that_saw_what_was_before_a_take_over_ends() =>
        (await Should.ThrowAsync<PostgresException>(SawTheEpochOfItsBeginning)).SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);

    [Fact]
    public Task A_plain_select_lets_a_stale_owner_commit() => Loses(WeakFence.PlainSelect, TakenOverBeforeItsCommit);

    [Fact]
    public Task A_lease_looked_up_inside_an_update_lets_a_stale_owner_commit() => Loses(WeakFence.InsideAnUpdate, TakenOverBeforeItsCommit);

    [Fact]
    public Task A_lock_like_that_of_a_foreign_key_lets_a_stale_owner_commit() => Loses(WeakFence.ForKeyShare, TakenOverBeforeItsCommit);

    [Fact]
    public Task An_advisory_lock_with_the_epoch_in_one_statement_lets_a_stale_owner_commit() => Loses(WeakFence.AdvisoryLock, WaitedForTheTakeOver);

    [Fact]
    public Task A_shared_lock_starves_a_take_over() => Loses(WeakFence.ForShare, OvertakesAWaitingTakeOver);

    [Fact]
    public Task A_plain_select_in_repeatable_read_lets_a_stale_owner_commit() => Loses(WeakFence.PlainSelect, SawTheEpochOfItsBeginning);

    private async Task Loses(string fence, Func<Task<bool>> race)
    {
        await _database.Sql(fence);
        (await race()).ShouldBeTrue();
    }

    /// <summary>A turn stands before its commit; a take-over comes. Whether both become real although the take-over came first.</summary>
    private async Task<bool> TakenOverBeforeItsCommit()
    {
        var first = await _database.OpenStore(SharedDatabase.AtGate);
        var second = await _database.OpenStore();
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var turn = first.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        var taken = SharedDatabase.Take(second, SharedDatabase.Second, 1);
        const string takenOver = "(SELECT epoch FROM latecomer.shard WHERE shard = 7) = 2";
        await _database.Until($"{takenOver} OR {SharedDatabase.Waiting(2)}");
        var takenFirst = await _database.Scalar<bool>($"SELECT {takenOver}");
        await _database.Release(gate);
        (await taken).ShouldNotBeNull();
        return takenFirst && await turn == CommitOutcome.Committed;
    }

    /// <summary>A take-over stands before its commit; a turn comes. Whether it waits, and becomes real nevertheless.</summary>
    private async Task<bool> WaitedForTheTakeOver()
    {
        var first = await _database.OpenStore();
        var second = await _database.OpenStore(SharedDatabase.AtGate);
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var taken = SharedDatabase.Take(second, SharedDatabase.Second, 1);
        await _database.UntilAtGate();
        var turn = first.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await taken).ShouldNotBeNull();
        return await turn == CommitOutcome.Committed;
    }

    /// <summary>A turn stands before its commit, a take-over waits, another turn comes. Whether that one gets past the take-over.</summary>
    private async Task<bool> OvertakesAWaitingTakeOver()
    {
        var first = await _database.OpenStore(SharedDatabase.AtGate);
        var later = await _database.OpenStore(SharedDatabase.AtSecondGate);
        var second = await _database.OpenStore();
        await _database.FirstExpires();
        var gate = await _database.Hold();
        var secondGate = await _database.Hold(2);
        var turn = first.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        var taken = SharedDatabase.Take(second, SharedDatabase.Second, 1);
        await _database.UntilWaiting(2);
        var next = later.Turns.Commit(new TurnBatch(SharedDatabase.Lease, DateTimeOffset.UnixEpoch), default).AsTask();
        await _database.UntilWaiting(3);
        var overtook = await _database.Scalar<bool>("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 2 AND NOT granted)");
        await _database.Release(gate);
        (await turn).ShouldBe(CommitOutcome.Committed);
        if (!overtook)
        {
            (await taken).ShouldNotBeNull();
        }

        await _database.Release(secondGate);
        await taken;
        return overtook && await next == CommitOutcome.Committed;
    }

    /// <summary>A turn has begun; a take-over comes; the turn asks for the lease. Whether it sees the one of its beginning.</summary>
    private async Task<bool> SawTheEpochOfItsBeginning()
    {
        var second = await _database.OpenStore();
        await _database.FirstExpires();
        var turn = await _database.Connect();
        await SharedDatabase.Execute(turn, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT latecomer.begin_write(2000, 10000, 10000)");
        (await SharedDatabase.Take(second, SharedDatabase.Second, 1)).ShouldNotBeNull();
        await SharedDatabase.Execute(turn, $"SELECT latecomer.fence(7, 1, '{SharedDatabase.First.Value}'); INSERT INTO latecomer.projection VALUES ('rows', 'stale', ''); COMMIT");
        return await second.Projections.Get("rows", "stale", default) is not null;
    }
}

using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Connections that end or stop at the worst time. What became of the turn is unknown to the node, but it is all of it or nothing, and
/// it is settled once the lease was acquired anew.</summary>
public sealed class PostgresConnectionTests : IAsyncLifetime
{
    private SharedDatabase _database = null!;
    private Wire _wire = null!;
    private PostgresRuntimeStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await SharedDatabase.Open();
        _wire = new Wire(_database.ConnectionString);
        _store = await _database.OpenStore(connectionString: _wire.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _wire.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_whose_answer_is_lost_is_found_by_the_lease_acquired_anew()
    {
        _wire.Arm(new WireFault.LostAfter());
        await Should.ThrowAsync<StoreFaultException>(async () => await _store.Turns.Commit(_database.Turn(), default));
        var anew = (await SharedDatabase.Take(_store, SharedDatabase.First, 1)).ShouldNotBeNull();
        (await _store.Turns.LoadStates(SharedDatabase.Shard, [SharedDatabase.Alice], default)).ShouldHaveSingleItem().Revision.ShouldBe(1);
        (await _store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.LeaseLost);
        (await _store.Turns.Commit(_database.Turn(anew), default)).ShouldBe(CommitOutcome.Stale);
        (await _database.TurnsWritten()).ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_turn_whose_connection_is_lost_before_the_commit_nothing_is_found()
    {
        _wire.Arm(new WireFault.LostBefore());
        await Should.ThrowAsync<StoreFaultException>(async () => await _store.Turns.Commit(_database.Turn(), default));
        var anew = (await SharedDatabase.Take(_store, SharedDatabase.First, 1)).ShouldNotBeNull();
        (await _store.Turns.LoadStates(SharedDatabase.Shard, [SharedDatabase.Alice], default)).ShouldBeEmpty();
        (await _store.Turns.Commit(_database.Turn(anew), default)).ShouldBe(CommitOutcome.Committed);
        (await _database.TurnsWritten()).ShouldBe(1);
    }

    [Fact]
    public async Task A_turn_that_is_still_being_committed_when_its_connection_is_lost_is_waited_for()
    {
        await using var wire = new Wire(_database.ConnectionString);
        var store = await _database.OpenStore(SharedDatabase.AtGate, wire.ConnectionString);
        var gate = await _database.Hold();
        var turn = store.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        await wire.Cut();
        await Should.ThrowAsync<StoreFaultException>(turn);

        // The server does not know yet that nobody listens: it commits.
        var anew = SharedDatabase.Take(_store, SharedDatabase.First, 1);
        await _database.UntilWaiting(2);
        await _database.Release(gate);
        (await anew).ShouldBe(SharedDatabase.Lease with { Epoch = 2 });
        (await _store.Turns.LoadStates(SharedDatabase.Shard, [SharedDatabase.Alice], default)).ShouldHaveSingleItem().Revision.ShouldBe(1);
        (await _database.TurnsWritten()).ShouldBe(1);
    }

    [Fact]
    public async Task A_backend_that_is_terminated_in_a_turn_writes_nothing_and_the_store_goes_on()
    {
        var store = await _database.OpenStore(SharedDatabase.AtGate);
        var gate = await _database.Hold();
        var turn = store.Turns.Commit(_database.Turn(), default).AsTask();
        await _database.UntilAtGate();
        await _database.Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        (await Should.ThrowAsync<StoreFaultException>(turn)).Message.ShouldContain("ended the connection");
        await _database.Release(gate);
        (await _database.TurnsWritten()).ShouldBe(0);
        var anew = (await SharedDatabase.Take(store, SharedDatabase.First, 1)).ShouldNotBeNull();
        (await store.Turns.Commit(_database.Turn(anew), default)).ShouldBe(CommitOutcome.Committed);
    }

    [Fact]
    public async Task Connections_that_ended_while_nobody_used_them_cost_at_most_a_call()
    {
        (await _store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.Committed);
        await _database.Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        try
        {
            await _store.Leases.List(default);
        }
        catch (StoreFaultException fault)
        {
            fault.Message.ShouldNotContain("Password");
        }

        (await _store.Leases.List(default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_node_that_stops_between_its_last_statement_and_the_commit_keeps_nothing_and_writes_nothing()
    {
        var pause = new WireFault.Paused();
        _wire.Arm(pause);
        var turn = _store.Turns.Commit(_database.Turn(), default).AsTask();
        await pause.Reached;
        await _database.FirstExpires();
        var other = await _database.OpenStore();
        (await SharedDatabase.Take(other, SharedDatabase.Second, 1)).ShouldBe(new Lease(SharedDatabase.Shard, 2, SharedDatabase.Second));
        pause.Resume();
        await Should.ThrowAsync<StoreFaultException>(turn);
        (await _store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.LeaseLost);
        (await _database.TurnsWritten()).ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_stops_shortly_before_the_commit_is_not_disturbed()
    {
        var pause = new WireFault.Paused();
        _wire.Arm(pause);
        var turn = _store.Turns.Commit(_database.Turn(), default).AsTask();
        await pause.Reached;
        await _database.FirstExpires();
        var other = await _database.OpenStore();
        var taken = SharedDatabase.Take(other, SharedDatabase.Second, 1);
        await _database.UntilWaiting(1);
        pause.Resume();
        (await turn).ShouldBe(CommitOutcome.Committed);
        (await taken).ShouldNotBeNull();
        (await _database.TurnsWritten()).ShouldBe(1);
    }
}

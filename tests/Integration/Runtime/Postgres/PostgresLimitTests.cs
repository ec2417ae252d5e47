using System.Diagnostics;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>How long the store waits and blocks, and that it leaves nothing of that behind in a session, which a pooler may give to others.</summary>
public sealed class PostgresLimitTests : IAsyncLifetime
{
    private SharedDatabase _database = null!;

    public async Task InitializeAsync() => _database = await SharedDatabase.Open();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_lock_that_somebody_keeps_is_waited_for_two_seconds_and_then_said()
    {
        var store = await _database.OpenStore();
        var somebody = await _database.Connect();
        await SharedDatabase.Execute(somebody, "BEGIN; SELECT 1 FROM latecomer.shard FOR UPDATE");
        var watch = Stopwatch.StartNew();
        var fault = await Should.ThrowAsync<StoreFaultException>(async () => await store.Turns.Commit(_database.Turn(), default));
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.5));
        fault.Message.ShouldContain("kept a lock from us for 2000 ms");
        await _database.Release(somebody);
        (await _database.TurnsWritten()).ShouldBe(0);
        (await store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.Committed);
    }

    [Fact]
    public async Task A_transaction_has_its_limits_and_the_session_has_none_of_them_afterwards()
    {
        const string limits = "concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('synchronous_commit'))";
        await _database.Sql("CREATE TABLE public.seen (limits text)");
        var oneConnection = _database.ConnectionString + ";Maximum Pool Size=1;Options=-c synchronous_commit=off";
        try
        {
            var store = await _database.OpenStore($"INSERT INTO public.seen SELECT {limits}", oneConnection);
            (await store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.Committed);
            (await _database.Scalar<string>("SELECT limits FROM public.seen")).ShouldBe("2s 10s 5s on");
            await _database.Sql($"CREATE OR REPLACE FUNCTION latecomer.clock(known bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', {limits}; END $$");
            (await Should.ThrowAsync<StoreFaultException>(async () => await store.Membership.Now(default))).Message.ShouldContain("0 0 0 off");
        }
        finally
        {
            await _database.Sql("DROP TABLE public.seen");
        }
    }

    [Theory]
    [InlineData("", "off off")]
    [InlineData(";Options=-c jit=on", "off on")]
    public async Task Plans_that_are_kept_are_made_without_reading_whole_tables_unless_somebody_says_otherwise(string said, string expected)
    {
        await _database.Sql("CREATE TABLE latecomer.planned (settings text)");
        var store = await _database.OpenStore(
            "INSERT INTO latecomer.planned SELECT concat_ws(' ', current_setting('enable_seqscan'), current_setting('jit'))", _database.ConnectionString + said);
        (await store.Turns.Commit(_database.Turn(), default)).ShouldBe(CommitOutcome.Committed);
        (await _database.Scalar<string>("SELECT settings FROM latecomer.planned")).ShouldBe(expected);
    }

    [Fact]
    public async Task Time_goes_on_within_a_transaction_and_never_back()
    {
        var database = await TestDatabase.Rent();
        await using (await PostgresRuntimeStore.Open(database.ConnectionString, default))
        {
            (await database.Scalar<bool>("SELECT latecomer.clock(0) < (SELECT latecomer.clock(0) FROM pg_sleep(0.01))")).ShouldBeTrue();
            (await database.Scalar<bool>("SELECT latecomer.clock(3000000000000000000) = 3000000000000000000")).ShouldBeTrue();
            (await database.Scalar<bool>("SELECT abs(latecomer.clock(0) - " + DateTime.UtcNow.Ticks + ") < 600000000")).ShouldBeTrue();
        }

        await database.Return();
    }
}

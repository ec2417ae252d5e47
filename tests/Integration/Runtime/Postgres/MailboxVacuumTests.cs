using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Messages that were consumed do not stay in the way of those who read the others.</summary>
public sealed class MailboxVacuumTests : IAsyncLifetime
{
    private const int Many = 50_000;

    private SharedDatabase _database = null!;
    private PostgresRuntimeStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await SharedDatabase.Open();
        _store = await _database.OpenStore();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Where_much_was_consumed_it_is_cleaned_up_without_the_servers_own_vacuum()
    {
        await _database.Sql("ALTER TABLE latecomer.mailbox SET (autovacuum_enabled = off)");
        var mail = new NewMail(SharedDatabase.Alice, SharedDatabase.Shard, From: null, new SerializedMessage("Said", 1, "1"u8.ToArray()), "test");
        await Commit(b => b.Sends.AddRange(Enumerable.Repeat(mail, Many)));
        var work = await _store.Turns.ReadWork(SharedDatabase.Shard, Many, Many, default);
        await Commit(b => b.Consumed.AddRange(work.Mail.Select(m => m.Id)));

        await _database.Until("(SELECT vacuum_count FROM pg_stat_user_tables WHERE schemaname = 'latecomer' AND relname = 'mailbox') > 0");
    }

    /// <summary>The server takes a mailbox for empty in which nothing but dead messages is.</summary>
    [Fact]
    public async Task What_a_snapshot_keeps_is_not_passed_by_those_who_consume_others()
    {
        const int dead = 5000;
        const int few = 20;
        await _database.Sql("CREATE TABLE latecomer.passed (entries bigint)");
        var counting = await _database.OpenStore(
            "WITH noted AS (INSERT INTO latecomer.passed SELECT pg_stat_get_xact_tuples_returned('latecomer.mailbox_pkey'::regclass) RETURNING 1) SELECT count(*) FROM noted");
        var mail = new NewMail(SharedDatabase.Alice, SharedDatabase.Shard, From: null, new SerializedMessage("Said", 1, "1"u8.ToArray()), "test");
        var reader = await _database.Connect();
        await SharedDatabase.Execute(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM latecomer.mailbox LIMIT 1");
        await Commit(b => b.Sends.AddRange(Enumerable.Repeat(mail, dead)));
        var gone = await Ids(dead);
        await Commit(b => b.Consumed.AddRange(gone));
        await _database.Sql("VACUUM ANALYZE latecomer.mailbox");
        await Commit(b => b.Sends.AddRange(Enumerable.Repeat(mail, few)));
        var ids = await Ids(few);
        _store = counting;
        await Commit(b => b.Consumed.AddRange(ids));

        (await _database.Scalar<long>("SELECT sum(entries)::bigint FROM latecomer.passed")).ShouldBeInRange(few, 10 * few);

        async Task<List<long>> Ids(int count) => [.. (await _store.Turns.ReadWork(SharedDatabase.Shard, count, count, default)).Mail.Select(m => m.Id)];
    }

    private async Task Commit(Action<TurnBatch> fill)
    {
        var batch = new TurnBatch(SharedDatabase.Lease, await _store.Membership.Now(default));
        fill(batch);
        (await _store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }
}

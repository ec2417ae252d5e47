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

    private async Task Commit(Action<TurnBatch> fill)
    {
        var batch = new TurnBatch(SharedDatabase.Lease, await _store.Membership.Now(default));
        fill(batch);
        (await _store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }
}

using Latecomer.Runtime;
using Latecomer.Runtime.Sqlite;
using Latecomer.Tests.Testing;
using Microsoft.Data.Sqlite;

namespace Latecomer.Tests.Integration.Runtime;

/// <summary>What only the store on SQLite promises: it survives, and it refuses what is not its own.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);
    private static readonly ShardId Shard = new(7);
    private static readonly ActorId Alice = new("Toy", "alice");
    private static readonly NodeRegistration Node = new(new Incarnation(new Guid(1, 0, 0, new byte[8])), "first", "", "1.0");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();

    private string Database => Path.Combine(_folder.Path, "runtime.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await using (var store = Open())
        {
            await Commit(store, await Own(store), "one", "two");
        }

        await using var again = Open();
        (await again.Turns.ReadWork(Shard, 10, 10, default)).Mail.Select(m => m.Cause).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_restart_ends_every_earlier_life_so_that_it_waits_for_no_lease()
    {
        await using (var store = Open())
        {
            await Own(store);
        }

        await using var again = Open();
        (await again.Membership.List(default)).ShouldHaveSingleItem().IsLive(_clock.GetUtcNow()).ShouldBeFalse();
        var next = Node with { Incarnation = new Incarnation(new Guid(2, 0, 0, new byte[8])) };
        (await again.Membership.Join(next, Lifetime, default)).ShouldBeTrue();
        var seen = await again.Leases.List(default);
        seen.ShouldBe([new ShardOwnership(Shard, 1, Node.Incarnation)]);
        (await again.Leases.TakeOver(seen, next.Incarnation, default)).ShouldBe([new Lease(Shard, 2, next.Incarnation)]);
    }

    [Fact]
    public async Task Neither_clock_nor_ids_go_back_over_a_restart()
    {
        var written = _clock.GetUtcNow();
        long id;
        await using (var store = Open())
        {
            var lease = await Own(store);
            await Commit(store, lease, "one");
            id = (await store.Turns.ReadWork(Shard, 1, 1, default)).Mail.Single().Id;
            var batch = new TurnBatch(lease, written);
            batch.Consumed.Add(id);
            (await store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
        }

        _clock.Set(written - TimeSpan.FromDays(1));
        await using var again = Open();
        (await again.Membership.Now(default)).ShouldBe(written);
        await again.Requests.Submit(new NewRequest(RequestId.Parse("r"), "hash", Alice, Shard, new SerializedMessage("Said", 1, []), written), default);
        (await again.Turns.ReadWork(Shard, 1, 1, default)).Mail.Single().Id.ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_by_the_number_of_its_process()
    {
        await using var store = Open();
        Should.Throw<StoreRefusedException>(Open).Message.ShouldContain($"in use by another process (process {Environment.ProcessId})");
    }

    [Fact]
    public async Task A_refused_folder_can_be_opened_once_it_is_free()
    {
        await using (Open())
        {
            Should.Throw<StoreRefusedException>(Open);
        }

        await using var again = Open();
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await using (Open())
        {
        }

        Sql("PRAGMA user_version = 999");
        Should.Throw<StoreRefusedException>(Open).Message.ShouldContain("of a newer build (schema 999");
        Sql("PRAGMA user_version = 3");
        await using var again = Open();
    }

    [Fact]
    public async Task Of_the_tries_that_an_older_build_left_those_are_history_that_another_follows()
    {
        await using (Open())
        {
        }

        Sql("ALTER TABLE store DROP COLUMN identity; DROP INDEX journal_actor; DROP TABLE retired; ALTER TABLE request DROP COLUMN answered_at; PRAGMA user_version = 1");
        Sql("INSERT INTO projection VALUES ('tries', 'p/1/run/2/000001', x''), ('tries', 'p/1/run/2/000002', x''), ('tries', 'p/1/run/2/000010', x''), ('tries', 'p/1/run/3/000001', x'')");
        Sql("INSERT INTO projection VALUES ('tries', 'p/1/run', x''), ('runs', 'p/1/run', x'')");
        await using var store = Open();
        (await store.Projections.RemoveRetired(_clock.GetUtcNow(), 10, default)).ShouldBe(2);
        (await store.Projections.List("tries", "p/1/run/", after: null, 10, default)).Select(r => r.Key).ShouldBe(["p/1/run/2/000010", "p/1/run/3/000001"]);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        Sql("CREATE TABLE theirs (a)");
        var before = File.ReadAllBytes(Database);
        Should.Throw<StoreRefusedException>(Open).Message.ShouldContain("a database of another program");
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        await using (Open())
        {
        }

        Sql("UPDATE store SET shards = 128");
        Should.Throw<StoreRefusedException>(Open).Message.ShouldContain("has 128 shards, but this build has 256");
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("no database at all ", 100)));
        Should.Throw<StoreFaultException>(Open).Message.ShouldContain("is damaged, or no SQLite database");
    }

    [Fact]
    public async Task A_full_disk_is_said_and_once_there_is_space_it_goes_on()
    {
        await using var store = SqliteRuntimeStore.Open(_folder.Path, _clock, "PRAGMA max_page_count = 60");
        var lease = await Own(store);
        var committed = 0;
        var fault = await Should.ThrowAsync<StoreFaultException>(async () =>
        {
            while (true)
            {
                await Commit(store, lease, new string('x', 4000));
                committed++;
            }
        });
        fault.Message.ShouldContain("is full");
        (await store.Turns.ReadWork(Shard, 1000, 1000, default)).Mail.Count.ShouldBe(committed);
        var batch = new TurnBatch(lease, _clock.GetUtcNow());
        batch.Consumed.AddRange((await store.Turns.ReadWork(Shard, 1000, 1000, default)).Mail.Select(m => m.Id));
        (await store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
        await Commit(store, lease, new string('x', 4000));
    }

    [Fact]
    public async Task A_read_only_disk_is_said()
    {
        await using (Open())
        {
        }

        Should.Throw<StoreFaultException>(() => SqliteRuntimeStore.Open(_folder.Path, _clock, "PRAGMA query_only = 1"))
            .Message.ShouldContain("read-only");
    }

    [Fact]
    public async Task Writers_that_wait_share_a_transaction_and_are_refused_one_by_one()
    {
        await using var store = Open();
        var lease = await Own(store);
        var lost = lease with { Epoch = 9 };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var batch = new TurnBatch(i % 3 == 0 ? lost : lease, _clock.GetUtcNow());
            batch.Sends.Add(new NewMail(Alice, Shard, From: null, new SerializedMessage("Said", 1, []), $"{i}"));
            if (i % 3 == 1)
            {
                batch.Activities.Add(new NewActivity(new ActivityKey(Alice, "same"), "work", [], ""));
            }

            try
            {
                return (await store.Turns.Commit(batch, default)).ToString();
            }
            catch (InvalidTurnException)
            {
                return "invalid";
            }
        })));
        outcomes.Count(o => o == "LeaseLost").ShouldBe(20);
        outcomes.Count(o => o == "invalid").ShouldBe(19);
        (await store.Turns.ReadWork(Shard, 100, 100, default)).Mail.Count.ShouldBe(21);
    }

    [Fact]
    public async Task What_is_restored_is_another_journal()
    {
        await using var store = Open();
        var (file, folder) = (Path.Combine(_folder.Path, "backup"), Path.Combine(_folder.Path, "restored"));
        Directory.CreateDirectory(folder);
        SqliteBackup.Write(_folder.Path, file);
        await SqliteBackup.Restore(file, folder, _clock);
        await using var restored = SqliteRuntimeStore.Open(folder, _clock);
        (await restored.Journal.Identity(default)).ShouldNotBe(await store.Journal.Identity(default));
    }

    [Fact]
    public async Task The_log_of_writes_does_not_grow_without_bound()
    {
        await using var store = Open();
        var lease = await Own(store);
        for (var i = 0; i < 200; i++)
        {
            await Commit(store, lease, new string('x', 40_000));
            var batch = new TurnBatch(lease, _clock.GetUtcNow());
            batch.Consumed.AddRange((await store.Turns.ReadWork(Shard, 1000, 1000, default)).Mail.Select(m => m.Id));
            await store.Turns.Commit(batch, default);
        }

        new FileInfo(Database + "-wal").Length.ShouldBeLessThan(8_000_000);
    }

    private SqliteRuntimeStore Open() => SqliteRuntimeStore.Open(_folder.Path, _clock);

    private static async Task<Lease> Own(SqliteRuntimeStore store)
    {
        (await store.Membership.Join(Node, Lifetime, default)).ShouldBeTrue();
        return (await store.Leases.TakeOver([new ShardOwnership(Shard, 0, Owner: null)], Node.Incarnation, default)).Single();
    }

    private async Task Commit(SqliteRuntimeStore store, Lease lease, params string[] causes)
    {
        var batch = new TurnBatch(lease, _clock.GetUtcNow());
        batch.Sends.AddRange(causes.Select(c => new NewMail(Alice, Shard, From: null, new SerializedMessage("Said", 1, []), c)));
        (await store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

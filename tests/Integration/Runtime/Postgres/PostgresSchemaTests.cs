using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>What opening does to a database, and which it refuses, leaving it as it was.</summary>
public sealed class PostgresSchemaTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Rent();

    public async Task DisposeAsync() => await _database.Return();

    [Fact]
    public async Task Any_number_of_nodes_may_start_at_once_on_an_empty_database()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open()));
        foreach (var store in stores)
        {
            (await store.Leases.List(default)).ShouldBeEmpty();
            await store.DisposeAsync();
        }

        (await _database.Scalar<long>("SELECT count(*) FROM latecomer.migration")).ShouldBe(typeof(PostgresRuntimeStore).Assembly.GetManifestResourceNames().Length);
    }

    [Fact]
    public async Task What_was_written_is_there_when_it_is_opened_again()
    {
        var node = new NodeRegistration(new Incarnation(new Guid(1, 0, 0, new byte[8])), "first", "", "1.0");
        await using (var store = await Open())
        {
            (await store.Membership.Join(node, TimeSpan.FromMinutes(1), default)).ShouldBeTrue();
        }

        await using var again = await Open();
        (await again.Membership.List(default)).ShouldHaveSingleItem().Registration.ShouldBe(node);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await using (await Open())
        {
        }

        await _database.Sql("INSERT INTO latecomer.migration VALUES (999, 'of-tomorrow.sql')");
        var message = (await Should.ThrowAsync<StoreRefusedException>(Open)).Message;
        message.ShouldContain("of a newer build (schema 999");
        message.ShouldContain("Run that build or newer.");
        await _database.Sql("DELETE FROM latecomer.migration WHERE number = 999");
        await using var again = await Open();
    }

    [Fact]
    public async Task What_is_restored_is_another_journal()
    {
        await using var store = await Open();
        using var file = new MemoryStream();
        await PostgresBackup.Write(_database.ConnectionString, file, default);
        file.Position = 0;
        var other = await TestDatabase.Rent();
        try
        {
            await PostgresBackup.Restore(file, other.ConnectionString, default);
            await using var restored = await PostgresRuntimeStore.Open(other.ConnectionString, default);
            (await restored.Journal.Identity(default)).ShouldNotBe(await store.Journal.Identity(default));
        }
        finally
        {
            await other.Return();
        }
    }

    [Fact]
    public async Task Of_the_tries_that_an_older_build_left_those_are_history_that_another_follows()
    {
        await using (await Open())
        {
        }

        await _database.Sql("ALTER TABLE latecomer.store DROP COLUMN identity; DROP INDEX latecomer.journal_actor; DROP INDEX latecomer.actor_state_actor; DROP INDEX latecomer.dead_letter_shard");
        await _database.Sql("DROP TABLE latecomer.retired; ALTER TABLE latecomer.request DROP COLUMN answered_at; DELETE FROM latecomer.migration WHERE number > 3");
        await _database.Sql("INSERT INTO latecomer.projection VALUES ('tries', 'p/1/run/2/000001', ''), ('tries', 'p/1/run/2/000002', ''), ('tries', 'p/1/run/2/000010', ''), ('tries', 'p/1/run/3/000001', '')");
        await _database.Sql("INSERT INTO latecomer.projection VALUES ('tries', 'p/1/run', ''), ('runs', 'p/1/run', '')");
        await using var store = await Open();
        (await store.Projections.RemoveRetired(await store.Membership.Now(default) + TimeSpan.FromHours(1), 10, default)).ShouldBe(2);
        (await store.Projections.List("tries", "p/1/run/", after: null, 10, default)).Select(r => r.Key).ShouldBe(["p/1/run/2/000010", "p/1/run/3/000001"]);
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused_and_left_alone()
    {
        await _database.Sql("CREATE SCHEMA latecomer; CREATE TABLE latecomer.theirs (a int)");
        (await Should.ThrowAsync<StoreRefusedException>(Open)).Message.ShouldContain("of another program");
        (await _database.Scalar<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'latecomer'::regnamespace")).ShouldBe(1);
    }

    [Fact]
    public async Task An_empty_schema_that_is_there_already_is_used()
    {
        await _database.Sql("CREATE SCHEMA latecomer");
        await using var store = await Open();
        (await store.Leases.List(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        await using (await Open())
        {
        }

        await _database.Sql("UPDATE latecomer.store SET shards = 128");
        (await Should.ThrowAsync<StoreRefusedException>(Open)).Message.ShouldContain("has 128 shards, but this build has 256");
    }

    [Theory]
    [InlineData("-c default_transaction_isolation=serializable", "makes every transaction serializable")]
    [InlineData("-c default_transaction_read_only=on", "is read-only")]
    public async Task Defaults_that_do_not_fit_are_said(string options, string message)
    {
        Exception? fault = await Record.ExceptionAsync(() => PostgresRuntimeStore.Open($"{_database.ConnectionString};Options={options}", default));
        fault.ShouldNotBeNull().Message.ShouldContain(message);
        (await _database.Scalar<bool>("SELECT to_regnamespace('latecomer') IS NULL")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Database=latecomer;Password=hidden-word")]
    public async Task What_is_no_connection_string_is_refused_without_its_text(string text)
    {
        var message = (await Should.ThrowAsync<StoreRefusedException>(() => PostgresRuntimeStore.Open(text, default))).Message;
        message.ShouldContain("It should read like: Host=");
        message.ShouldNotContain("hidden-word");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_without_the_password()
    {
        var message = (await Should.ThrowAsync<StoreFaultException>(() => PostgresRuntimeStore.Open("Host=127.0.0.1;Port=1;Username=u;Password=hidden-word", default))).Message;
        message.ShouldContain("at 127.0.0.1:1 cannot be reached");
        message.ShouldNotContain("hidden-word");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_refused() =>
        (await Should.ThrowAsync<StoreRefusedException>(() => PostgresRuntimeStore.Open(_database.ConnectionString + ";Database=not_there", default))).Message
            .ShouldContain("does not exist: create it first");

    [Fact]
    public async Task A_wrong_password_is_refused_without_its_text()
    {
        var message = (await Should.ThrowAsync<StoreRefusedException>(() => PostgresRuntimeStore.Open(_database.ConnectionString + ";Password=hidden-word", default))).Message;
        message.ShouldContain("does not let us in");
        message.ShouldNotContain("hidden-word");
    }

    [Fact]
    public async Task A_host_that_nobody_knows_can_be_waited_for() =>
        await Should.ThrowAsync<StoreFaultException>(() => PostgresRuntimeStore.Open("Host=nowhere.invalid;Username=u", default));

    private Task<PostgresRuntimeStore> Open() => PostgresRuntimeStore.Open(_database.ConnectionString, default);
}

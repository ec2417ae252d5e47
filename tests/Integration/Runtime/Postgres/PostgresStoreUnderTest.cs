using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

public sealed class PostgresStoreUnderTest : IStoreUnderTest
{
    /// <summary>What floors of the mailbox lean on: whoever is given a number of mail has a transaction id before.</summary>
    private const string NumbersNeedIds = """
        CREATE FUNCTION latecomer.has_id() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF pg_current_xact_id_if_assigned() IS NULL THEN RAISE EXCEPTION 'mail was given a number before its transaction had an id'; END IF;
            RETURN NEW;
        END
        $$;
        CREATE TRIGGER has_id BEFORE INSERT ON latecomer.mailbox FOR EACH ROW EXECUTE FUNCTION latecomer.has_id();
        """;

    private TestDatabase? _database;
    private PostgresRuntimeStore? _store;

    public ValueTask<IRuntimeStore> Open(TimeProvider time) => Open(time, way: database => database);

    /// <param name="time">The store's clock.</param>
    /// <param name="way">From the database's connection string to the one that the store gets.</param>
    public async ValueTask<IRuntimeStore> Open(TimeProvider time, Func<string, string> way)
    {
        _database = await TestDatabase.Rent();
        var follows = time == TimeProvider.System ? null : time;
        _store = await PostgresRuntimeStore.Open(way(_database.ConnectionString), follows, beforeCommit: "", default);
        await _database.Sql(NumbersNeedIds);
        if (follows is not null)
        {
            await _database.Sql("CREATE OR REPLACE FUNCTION latecomer.clock(known bigint) RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT known'");
        }

        return _store;
    }

    public async ValueTask DisposeAsync()
    {
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_database?.Return() ?? Task.CompletedTask);
    }
}

public sealed class PostgresMembershipTests : MembershipCompliance<PostgresStoreUnderTest>;

public sealed class PostgresLeaseTests : LeaseCompliance<PostgresStoreUnderTest>;

public sealed class PostgresFenceTests : FenceCompliance<PostgresStoreUnderTest>;

public sealed class PostgresMailTests : MailCompliance<PostgresStoreUnderTest>;

public sealed class PostgresTimerTests : TimerCompliance<PostgresStoreUnderTest>;

public sealed class PostgresRequestTests : RequestCompliance<PostgresStoreUnderTest>;

public sealed class PostgresActivityTests : ActivityCompliance<PostgresStoreUnderTest>;

public sealed class PostgresActorTests : ActorCompliance<PostgresStoreUnderTest>;

public sealed class PostgresHistoryTests : HistoryCompliance<PostgresStoreUnderTest>;

public sealed class PostgresRetentionTests : RetentionCompliance<PostgresStoreUnderTest>;

public sealed class PostgresDeadLetterTests : DeadLetterCompliance<PostgresStoreUnderTest>;

public sealed class PostgresNodeTests : NodeCompliance<PostgresStoreUnderTest>;

using Latecomer.Runtime;
using Latecomer.Runtime.Sqlite;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Runtime;

public sealed class SqliteStoreUnderTest : IStoreUnderTest
{
    private readonly TemporaryFolder _folder = new();
    private SqliteRuntimeStore? _store;

    public ValueTask<IRuntimeStore> Open(TimeProvider time) => ValueTask.FromResult<IRuntimeStore>(_store = SqliteRuntimeStore.Open(_folder.Path, time));

    public async ValueTask DisposeAsync()
    {
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }
}

public sealed class SqliteMembershipTests : MembershipCompliance<SqliteStoreUnderTest>;

public sealed class SqliteLeaseTests : LeaseCompliance<SqliteStoreUnderTest>;

public sealed class SqliteFenceTests : FenceCompliance<SqliteStoreUnderTest>;

public sealed class SqliteMailTests : MailCompliance<SqliteStoreUnderTest>;

public sealed class SqliteTimerTests : TimerCompliance<SqliteStoreUnderTest>;

public sealed class SqliteRequestTests : RequestCompliance<SqliteStoreUnderTest>;

public sealed class SqliteActivityTests : ActivityCompliance<SqliteStoreUnderTest>;

public sealed class SqliteActorTests : ActorCompliance<SqliteStoreUnderTest>;

public sealed class SqliteHistoryTests : HistoryCompliance<SqliteStoreUnderTest>;

public sealed class SqliteRetentionTests : RetentionCompliance<SqliteStoreUnderTest>;

public sealed class SqliteDeadLetterTests : DeadLetterCompliance<SqliteStoreUnderTest>;

public sealed class SqliteNodeTests : NodeCompliance<SqliteStoreUnderTest>;

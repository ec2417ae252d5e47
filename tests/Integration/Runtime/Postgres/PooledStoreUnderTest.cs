using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>The store through a pooler that gives a session away after each transaction: nothing of the store may stay in one.</summary>
public sealed class PooledStoreUnderTest : IStoreUnderTest
{
    private readonly PostgresStoreUnderTest _direct = new();

    public async ValueTask<IRuntimeStore> Open(TimeProvider time) => await _direct.Open(time, (await Pooler.Get()).Through);

    public ValueTask DisposeAsync() => _direct.DisposeAsync();
}

public sealed class PooledLeaseTests : LeaseCompliance<PooledStoreUnderTest>;

public sealed class PooledFenceTests : FenceCompliance<PooledStoreUnderTest>;

public sealed class PooledMailTests : MailCompliance<PooledStoreUnderTest>;

public sealed class PooledRequestTests : RequestCompliance<PooledStoreUnderTest>;

public sealed class PooledActivityTests : ActivityCompliance<PooledStoreUnderTest>;

public sealed class PooledNodeTests : NodeCompliance<PooledStoreUnderTest>
{
    [Fact]
    public async Task It_is_asked_through_sessions_that_are_not_its_own()
    {
        await using var shared = await SharedDatabase.Open();
        var pooled = (await Pooler.Get()).Through(shared.ConnectionString);
        await using var one = new Npgsql.NpgsqlConnection(pooled + ";Pooling=false");
        await one.OpenAsync();
        await using var ask = new Npgsql.NpgsqlCommand("SELECT pg_backend_pid()", one);

        ((int)(await ask.ExecuteScalarAsync())!).ShouldNotBe(one.ProcessID, "or the store would prepare statements");
    }
}

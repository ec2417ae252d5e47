using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Nodes whose renewals have to wait in the server, by its own clock.</summary>
public sealed class PostgresLifetimeTests : IAsyncLifetime
{
    private static readonly Incarnation Node = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(500);

    private TestDatabase _database = null!;
    private PostgresRuntimeStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Rent();
        _store = await PostgresRuntimeStore.Open(_database.ConnectionString, default);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.Return();
    }

    [Theory]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    public async Task A_renewal_that_waited_until_the_node_had_expired_is_refused(string end)
    {
        await Join(Lifetime);
        (await RenewedBehind("latecomer.clock(0) > (SELECT expires_at FROM latecomer.node)", end)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_renewal_that_waited_while_the_node_left_is_refused()
    {
        await Join(Liveness.Bound);
        (await RenewedBehind("true", "UPDATE latecomer.node SET expires_at = latecomer.clock(0); COMMIT")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_renewal_that_waited_for_less_succeeds()
    {
        await Join(Liveness.Bound);
        (await RenewedBehind("true", "COMMIT")).ShouldBeTrue();
    }

    private async Task Join(TimeSpan lifetime) =>
        (await _store.Membership.Join(new NodeRegistration(Node, "node", "", "1.0"), lifetime, default)).ShouldBeTrue();

    /// <summary>Whether a renewal succeeds that waits for another transaction of the node.</summary>
    /// <param name="until">What that one waits for, once the renewal waits.</param>
    /// <param name="end">What it does then.</param>
    private async Task<bool> RenewedBehind(string until, string end)
    {
        await using var other = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await SharedDatabase.Execute(other, "BEGIN; UPDATE latecomer.node SET draining = true");
        var renewed = _store.Membership.Renew(Node, Lifetime, default).AsTask();
        await SharedDatabase.Execute(other, Until($"{SharedDatabase.Waiting(1)} AND {until}"));
        await SharedDatabase.Execute(other, end);
        return await renewed;
    }

    private static string Until(string condition) => $"""
        DO $do$
        BEGIN
            WHILE NOT ({condition}) LOOP
                PERFORM pg_sleep(0.01);
                PERFORM pg_stat_clear_snapshot();
            END LOOP;
        END
        $do$
        """;
}

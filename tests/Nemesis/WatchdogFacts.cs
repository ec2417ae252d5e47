using System.Text.Json.Nodes;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.Nemesis;

/// <summary>A node that cannot renew stops by itself before others may take it for dead, whether it is told that PostgreSQL is gone, or told nothing.</summary>
public sealed class WatchdogFacts : IDisposable
{
    /// <summary>How the log begins to say how a life ended, and the word for this end.</summary>
    private const string Ended = " ended: Expired";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresProgramsTheory]
    [InlineData(nameof(LinkState.Cut))]
    [InlineData(nameof(LinkState.Silent))]
    public async Task A_node_that_cannot_renew_stops_by_itself_before_it_expires(string link)
    {
        await using var cluster = await TestCluster.Create(_folder.Path);
        var node = cluster.Nodes[0];
        await node.Start();
        (await cluster.Until("EXISTS (SELECT 1 FROM latecomer.shard WHERE owner IS NOT NULL)", Liveness.Bound)).ShouldBeTrue("it took no shards");

        node.Database.Become(Enum.Parse<LinkState>(link));
        var said = JsonNode.Parse(await node.Says(line => line.Contains(Ended, StringComparison.Ordinal)))!;
        var stopped = said["Timestamp"]!.GetValue<DateTimeOffset>();
        var (owned, expires) = await Expiry(cluster, node);
        node.Database.Become(LinkState.Open);

        owned.ShouldBeGreaterThan(0, "it owned nothing that others could take");
        stopped.ShouldBeLessThan(expires);
        var back = $"EXISTS (SELECT 1 FROM latecomer.node WHERE name = '{node.Name}' AND expires_at > latecomer.clock(0))";
        (await cluster.Until(back, Liveness.Bound)).ShouldBeTrue("it did not join again");
    }

    private static async Task<(long Owned, DateTimeOffset Expires)> Expiry(TestCluster cluster, ClusterNode node) => (
        await cluster.Scalar<long>($"SELECT count(*) FROM latecomer.shard AS s JOIN latecomer.node AS n ON n.incarnation = s.owner WHERE n.name = '{node.Name}'"),
        new DateTimeOffset(await cluster.Scalar<long>($"SELECT max(expires_at) FROM latecomer.node WHERE name = '{node.Name}'"), TimeSpan.Zero));
}

using Latecomer.Actors;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>The turn that each node of a cluster takes for nothing.</summary>
public sealed class FirstTurnTests : IAsyncLifetime
{
    private HostedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await HostedCluster.Make();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Each_node_takes_one_itself_and_it_leaves_no_actor_behind()
    {
        var client = await _cluster.Add("a");
        await _cluster.Add("b");
        await HostedCluster.Until(client, "both to own shards", s => s.UnownedShards == 0 && s.Nodes.Count(n => n.Shards > 0) == 2);

        await Task.WhenAll(_cluster.Hosts.Select(h => h.TakeFirstTurn(default)));

        var shown = await HostedCluster.Until(client, "a turn of each", s => s.BusyShards == 0 && s.Nodes.Count(n => n.Turns > 0) == 2);
        shown.DeadLetters.ShouldBe(0);
        await using var store = await PostgresRuntimeStore.Open(_cluster.ConnectionString, default);
        foreach (var shard in ActorIds.Catalog().Shards)
        {
            (await store.Journal.Entries(shard, 0, 1, default)).ShouldBeEmpty();
        }
    }
}

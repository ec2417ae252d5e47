using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary>Nodes that share a PostgreSQL and a data folder, each a process of its own.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Rent();

    public async Task DisposeAsync()
    {
        await _database.Return();
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_nodes_that_start_at_once_on_an_empty_database_play_the_day()
    {
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        var nodes = await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => NodeProcess.Join(_folder.Path, _database.ConnectionString, name)));
        try
        {
            await Task.WhenAll(nodes.Select(n => n.Ready()));
            var calls = 0;
            await new DayByApi(day, Scenario.Clear03, (method, request) => nodes[calls++ % nodes.Length].Api.Call(method, request)).Play();
            await Outcome.ShouldBe(_folder.Path, Scenario.Clear03, nodes[0]);
            await ShouldShowAll(nodes);
            await Task.WhenAll(nodes.Select(ShouldStop));
        }
        finally
        {
            await Task.WhenAll(nodes.Select(n => n.DisposeAsync().AsTask()));
        }

        Directory.GetDirectories(Path.Combine(_folder.Path, "state", "nodes")).Select(Path.GetFileName).Order().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task When_a_node_is_told_to_stop_another_has_its_shards_and_it_ends_well()
    {
        await using var first = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "first");
        await using var second = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "second");
        await Waiting.For("both to own shards", async () => (await Shards(first)).Count(s => s > 0) == 2 ? "" : null);

        await ShouldStop(first);

        await Waiting.For("the other to own all", async () => (await Shards(second)) is [258] ? "" : null);
        await ShouldStop(second);
    }

    [Fact]
    public async Task A_node_that_is_asked_to_leave_hands_over_and_ends_well()
    {
        await using var first = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "first");
        await using var second = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "second");
        await Waiting.For("both to own shards", async () => (await Shards(first)).Count(s => s > 0) == 2 ? "" : null);

        (await first.Cli("cluster", "leave", "second", "--yes")).Succeeded();

        (await Shards(first))[0].ShouldBe(258);
        (await second.Process.Exit()).ShouldBe(0, second.Process.Story());
        await ShouldStop(first);
    }

    private static async Task ShouldStop(NodeProcess node)
    {
        await node.Process.Terminate();
        (await node.Process.Exit()).ShouldBe(0, node.Process.Story());
    }

    private static async Task<IReadOnlyList<int>> Shards(NodeProcess node) =>
        [.. (await node.Api.Call("Cluster/Show", []))["nodes"]!.AsArray().Select(n => (int?)n!["shards"] ?? 0)];

    private static async Task ShouldShowAll(NodeProcess[] nodes)
    {
        var shown = (await nodes[1].Cli("cluster", "show", "-o", "json")).Succeeded().Json;
        shown["nodes"]!.AsArray().Select(n => (string)n!["name"]!).ShouldBe(["a", "b", "c"]);
        shown["nodes"]!.AsArray().Sum(n => (int)n!["shards"]!).ShouldBe(258, "256 shards and two singletons");
        shown["nodes"]!.AsArray().ShouldAllBe(n => (int)n!["shards"]! > 0);
        shown["singletons"]!.AsArray().ShouldAllBe(s => ((string)s!["node"]!).Length == 1);
    }
}

using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Integration.Watching;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>What people ask of tables, shards and actors, of a node on which a pipeline has run.</summary>
public sealed class InventoryTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private NodeHost _host = null!;
    private ApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await NodeHost.Start(new HostOptions { Data = _folder.Path, Listen = new Uri("http://127.0.0.1:0") }, NullLoggerFactory.Instance, default);
        await _host.Serve(default);
        _client = new ApiClient(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Of_a_pipeline_that_runs_its_table_commits_shards_and_actors_are_told()
    {
        (await Refused("Tables/Get", new GetTableRequest { Table = "orders" })).ShouldContain("No pipeline reads orders");
        (await Refused("Tables/ListCommits", new ListCommitsRequest { Table = "orders" })).ShouldContain("No pipeline reads orders");
        (await Refused("Tables/Sync", new SyncTableRequest { Table = "orders" })).ShouldContain("No pipeline reads orders");
        var pipeline = new OrdersPipeline(_host.Dataset, _client);
        await pipeline.Begin();
        await pipeline.Succeeded(OrdersPipeline.Days);
        await pipeline.Load(2);
        await pipeline.Load(3);
        await Table();
        await Explanation();
        await Shards();
        await Actors();
    }

    private async Task Table()
    {
        var synced = await _client.Call<SyncTableResponse>("Tables/Sync", new SyncTableRequest { Table = "orders", RequestId = "sync" }, default);
        synced.Version.ShouldBe(OrdersPipeline.Days + 2);
        (await _client.Call<ListPartitionsResponse>("Partitions/List", new ListPartitionsRequest { Pipeline = OrdersPipeline.Name, Late = true }, default)).Partitions.Count.ShouldBe(2);
        var table = await _client.Call<Table>("Tables/Get", new GetTableRequest { Table = "orders" }, default);
        (table.Version, table.Problem, table.Pipelines.Single()).ShouldBe((synced.Version, "", OrdersPipeline.Name));

        var request = new ListCommitsRequest { Table = "orders", AfterVersion = OrdersPipeline.Days, PageSize = 1 };
        var first = await _client.Call<ListCommitsResponse>("Tables/ListCommits", request, default);
        request.PageToken = first.NextPageToken;
        var second = await _client.Call<ListCommitsResponse>("Tables/ListCommits", request, default);
        first.Commits.Concat(second.Commits).Select(c => (c.Version, c.FilesAdded, c.Rows, c.DataChange, c.NowherePartitions))
            .ShouldBe([(OrdersPipeline.Days + 1, 1, 3, true, 0), (OrdersPipeline.Days + 2, 1, 3, true, 0)]);
        second.NextPageToken.ShouldBeEmpty();
        (await _client.Call<ListCommitsResponse>("Tables/ListCommits", new ListCommitsRequest { Table = "orders", Nowhere = true }, default)).Commits.ShouldBeEmpty();
        (await Refused("Tables/ListCommits", new ListCommitsRequest { Table = "orders", AfterVersion = -2 })).ShouldContain("after_version");
    }

    private async Task Explanation()
    {
        (await Refused("Partitions/Explain", new ExplainPartitionRequest { Pipeline = OrdersPipeline.Name, LogicalDate = "2027-01-01" })).ShouldContain("Nothing is known of");
        var told = await _client.Call<ExplainPartitionResponse>("Partitions/Explain", new ExplainPartitionRequest { Pipeline = OrdersPipeline.Name, LogicalDate = OrdersPipeline.Day(2) }, default);
        (told.Partition.Late, told.Truncated).ShouldBe((true, false));
        told.Steps[0].Text.ShouldStartWith("When orders_loader began to read orders, it held 1 file for");
        told.Steps.ShouldContain(s => s.Kind == ExplainedStepKind.Outcome && s.Text.EndsWith("succeeded.", StringComparison.Ordinal));
        told.Steps.Where(s => s.Kind == ExplainedStepKind.Try).Select(s => s.TaskId).Distinct().Count().ShouldBe(7);
        told.Steps[^2].Text.ShouldStartWith($"Version {OrdersPipeline.Days + 1} of orders brought 3 rows");
        told.Steps[^1].Text.ShouldStartWith("It is late");
        told.Steps.ShouldAllBe(s => s.Time != null && s.Cause.Length > 0);
    }

    private async Task Shards()
    {
        var (shards, token) = (new List<ClusterShard>(), "");
        do
        {
            var page = await _client.Call<ListShardsResponse>("Cluster/ListShards", new ListShardsRequest { PageToken = token }, default);
            shards.AddRange(page.Shards);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        shards.Select(s => s.Shard).ShouldBe(Enumerable.Range(0, 258));
        shards.ShouldAllBe(s => s.Node == "node-1" && s.Epoch > 0);
        shards.Where(s => s.Singleton.Length > 0).Select(s => (s.Shard, s.Singleton)).ShouldBe([(256, "marking"), (257, "backfill")]);
        (await _client.Call<ListShardsResponse>("Cluster/ListShards", new ListShardsRequest { Node = "nobody" }, default)).Shards.ShouldBeEmpty();
    }

    private async Task Actors()
    {
        var (actors, token) = (new List<ClusterActor>(), "");
        do
        {
            var page = await _client.Call<ListActorsResponse>("Cluster/ListActors", new ListActorsRequest { PageSize = 3, PageToken = token }, default);
            actors.AddRange(page.Actors);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        actors.ShouldAllBe(a => a.Revision > 0 && a.StateBytes > 0 && a.State.Length == 0 && a.Node == "node-1");
        actors.Select(a => a.Kind).Distinct().ShouldBe(["Backfill", "ConfigurationFolder", "DeltaLogWatcher", "Marking", "Partition", "Pipeline"]);
        actors.Count(a => a.Kind == "Partition").ShouldBe(OrdersPipeline.Days + 1);
        var listed = await _client.Call<ListActorsResponse>("Cluster/ListActors", new ListActorsRequest { Kind = "Partition", KeyPrefix = $"{OrdersPipeline.Name}/2026-01-0" }, default);
        listed.Actors.Count.ShouldBe(9);
        var actor = await _client.Call<ClusterActor>("Cluster/GetActor", new GetActorRequest { Kind = "Pipeline", Key = OrdersPipeline.Name }, default);
        System.Text.Json.JsonDocument.Parse(actor.State).RootElement.GetProperty("definition").GetProperty("name").GetString().ShouldBe(OrdersPipeline.Name);
        actor.StateBytes.ShouldBe(System.Text.Encoding.UTF8.GetByteCount(actor.State));
        (await Refused("Cluster/GetActor", new GetActorRequest { Kind = "Pipeline", Key = "none" })).ShouldBe("Nothing ever happened to Pipeline/none.");
        (await Refused("Cluster/GetActor", new GetActorRequest { Kind = "Nonsense", Key = "none" })).ShouldContain("There are no actors of kind 'Nonsense'");
    }

    private async Task<string> Refused(string method, Google.Protobuf.IMessage request) =>
        (await Should.ThrowAsync<Refusal>(() => _client.Call<ListCommitsResponse>(method, request, default))).Message;
}

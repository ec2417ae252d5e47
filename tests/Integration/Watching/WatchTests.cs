using Latecomer.Grpc;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Integration.Hosting;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Watching;

/// <summary>Watching runs and partitions by gRPC, while a pipeline runs, on both stores.</summary>
public sealed class WatchTests : IDisposable
{
    private const int Subscribers = 200;

    private readonly CancellationTokenSource _patience = new(Liveness.Bound);

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Two_hundred_watches_of_a_node_alone_tell_everything_once()
    {
        using var folder = new TemporaryFolder();
        await using var host = await NodeHost.Start(
            new HostOptions { Data = folder.Path, Listen = new Uri("http://127.0.0.1:0") }, NullLoggerFactory.Instance, default);
        await host.Serve(default);
        using var client = new ApiClient(host.Address);
        await Everything(new OrdersPipeline(host.Dataset, client), [host.GrpcAddress], () => ToldChanges.OfSqlite(folder.Path));
    }

    [Fact]
    public async Task Two_hundred_watches_of_two_nodes_tell_everything_once()
    {
        await using var cluster = await HostedCluster.Make();
        var client = await cluster.Add("a");
        await cluster.Add("b");
        await Everything(
            new OrdersPipeline(cluster.Hosts[0].Dataset, client), [.. cluster.Hosts.Select(h => h.GrpcAddress)], () => ToldChanges.OfPostgres(cluster.ConnectionString));
    }

    [Fact]
    public async Task A_watch_whose_node_went_away_goes_on_at_another()
    {
        await using var cluster = await HostedCluster.Make();
        await cluster.Add("a");
        var client = await cluster.Add("b");
        await HostedCluster.Until(client, "all shards to be owned", s => s.UnownedShards == 0 && s.Nodes.Count(n => n.Shards > 0) == 2);
        var (told, token) = (new List<string>(), "");
        using (var channel = new RpcChannel(cluster.Hosts[0].GrpcAddress))
        {
            await using var watch = ToldChanges.Runs(channel, _patience.Token);
            (await watch.MoveNextAsync()).ShouldBeTrue();
            await new OrdersPipeline(cluster.Hosts[0].Dataset, client).Begin();
            var stopped = Task.CompletedTask;
            var end = await Should.ThrowAsync<RpcException>(async () =>
            {
                while (await watch.MoveNextAsync())
                {
                    token = watch.Current.ResumeToken;
                    told.AddRange(watch.Current.Changes.Select(ToldChanges.Of));
                    stopped = told.Count > 20 && stopped == Task.CompletedTask ? cluster.Hosts[0].DisposeAsync().AsTask() : stopped;
                }
            });
            end.Status.Code.ShouldBe(StatusCode.Unavailable);
            await stopped;
        }

        await new OrdersPipeline(cluster.Hosts[1].Dataset, client).Succeeded(OrdersPipeline.Days);
        var (runs, _) = await ToldChanges.OfPostgres(cluster.ConnectionString);
        using var other = new RpcChannel(cluster.Hosts[1].GrpcAddress);
        await using var again = ToldChanges.Runs(other, _patience.Token, token);
        told.AddRange(await ToldChanges.Take(again, runs.Count - told.Count, r => r.Changes.Select(ToldChanges.Of)));
        ToldChanges.Ordered(told).ShouldBe(runs);
    }

    [Fact]
    public async Task A_token_that_is_none_is_refused_as_is_a_name_that_is_none()
    {
        using var folder = new TemporaryFolder();
        await using var host = await NodeHost.Start(
            new HostOptions { Data = folder.Path, Listen = new Uri("http://127.0.0.1:0") }, NullLoggerFactory.Instance, default);
        await host.Serve(default);
        using var channel = new RpcChannel(host.GrpcAddress);
        (await Refused(ToldChanges.Partitions(channel, default, token: "nonsense"))).ShouldBe(
            new Status(StatusCode.InvalidArgument, "resume_token is not one that a watch gave: pass the one of the last response as it is, or none to begin now."));
        (await Refused(ToldChanges.Partitions(channel, default, pipeline: "no name"))).Code.ShouldBe(StatusCode.InvalidArgument);
    }

    private static async Task<Status> Refused(IAsyncEnumerator<WatchPartitionsResponse> watch)
    {
        await using (watch)
        {
            var status = (await Should.ThrowAsync<RpcException>(async () => await watch.MoveNextAsync())).Status;
            return new Status(status.Code, status.Message);
        }
    }

    private async Task Everything(OrdersPipeline pipeline, IReadOnlyList<Uri> nodes, Func<Task<(List<string> Runs, List<string> Partitions)>> journal)
    {
        var channels = nodes.Select(n => new RpcChannel(n)).ToList();
        var runs = Enumerable.Range(0, Subscribers / 2).Select(i => ToldChanges.Runs(channels[i % channels.Count], _patience.Token)).ToList();
        var partitions = Enumerable.Range(0, Subscribers / 2)
            .Select(i => ToldChanges.Partitions(channels[i % channels.Count], _patience.Token, pipeline: i % 2 == 0 ? OrdersPipeline.Name : "")).ToList();
        var others = ToldChanges.Partitions(channels[0], _patience.Token, pipeline: "others");
        (await Task.WhenAll(runs.Select(r => r.MoveNextAsync().AsTask()))).ShouldAllBe(more => more);
        (await Task.WhenAll(partitions.Select(p => p.MoveNextAsync().AsTask()))).ShouldAllBe(more => more);
        (await others.MoveNextAsync()).ShouldBeTrue();
        runs.ShouldAllBe(r => r.Current.ResumeToken.Length > 0 && r.Current.Changes.Count == 0);

        // Half of them read while the runs go on; the others begin when all is over.
        var readers = runs.Take(Subscribers / 4).Select(w => Task.Run(() => UntilClear(w))).ToList();
        await pipeline.Begin();
        await pipeline.Succeeded(OrdersPipeline.Days);
        await pipeline.LoadLate();
        await pipeline.Succeeded(OrdersPipeline.Days + 2);

        var expected = await journal();
        expected.Partitions.ShouldContain(c => c.Contains("ClaimBound"));
        var early = await Task.WhenAll(readers);
        var toldRuns = await Task.WhenAll(runs.Select(async (w, i) =>
        {
            var before = i < early.Length ? early[i] : [];
            var rest = await ToldChanges.Take(w, expected.Runs.Count - before.Count, r => r.Changes.Select(ToldChanges.Of));
            return ToldChanges.Ordered(before.Concat(rest));
        }));
        var toldPartitions = await Task.WhenAll(partitions.Select(w => ToldChanges.Take(w, expected.Partitions.Count, r => r.Changes.Select(ToldChanges.Of))));
        toldRuns.ShouldAllBe(told => told.SequenceEqual(expected.Runs));
        toldPartitions.ShouldAllBe(told => told.SequenceEqual(expected.Partitions));

        // Of another pipeline nothing was told, but perhaps a token.
        var quiet = others.MoveNextAsync().AsTask();
        channels.ForEach(c => c.Dispose());
        await Task.WhenAny(quiet);
        others.Current.Changes.ShouldBeEmpty();
    }

    /// <summary>What a watch tells up to the clear.</summary>
    private static async Task<List<string>> UntilClear(IAsyncEnumerator<WatchRunsResponse> watch)
    {
        var told = new List<string>();
        while (watch.Current.Changes.All(c => c.Type != "TasksCleared"))
        {
            (await watch.MoveNextAsync()).ShouldBeTrue();
            told.AddRange(watch.Current.Changes.Select(ToldChanges.Of));
        }

        return told;
    }
}

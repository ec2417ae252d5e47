using System.Net;
using System.Text;
using Latecomer.Grpc;
using Latecomer.Node.Hints;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Integration.Watching;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Nodes of a cluster tell each other where to look, and can do without.</summary>
public sealed class HintTests : IAsyncLifetime
{
    /// <summary>Nobody finds anything by polling while such a test lasts.</summary>
    internal static readonly RuntimeSettings HintsAlone = new() { PollMin = 2 * Liveness.Bound, PollMax = 2 * Liveness.Bound };

    private HostedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await HostedCluster.Make();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task An_ask_through_any_node_is_answered_without_a_poll()
    {
        var clients = await Pair(HintsAlone);
        using var patience = new CancellationTokenSource(Liveness.Bound);
        for (var n = 0; n < 8; n++)
        {
            await HostedCluster.Ask(clients[n % 2], $"orders-{n}", patience.Token);
        }
    }

    [Fact]
    public Task A_decision_is_told_to_every_node_with_a_proof() => ToldToAThird(hint => hint is Hint.ReplyDecided, watches: false);

    [Fact]
    public Task Where_somebody_watches_the_growth_of_journals_is_told() => ToldToAThird(hint => hint is Hint.JournalGrew, watches: true);

    [Fact]
    public Task That_somebody_watches_is_told_to_every_node() => ToldToAThird(
        hint => hint is Hint.JournalWatched watched && watched.By == _cluster.Hosts[0].Address,
        watches: false,
        async () =>
        {
            using var patience = new CancellationTokenSource(Liveness.Bound);
            using var channel = new RpcChannel(_cluster.Hosts[0].GrpcAddress);
            await using var watch = ToldChanges.Runs(channel, patience.Token);
            (await watch.MoveNextAsync()).ShouldBeTrue();
        });

    private async Task ToldToAThird(Func<Hint, bool> wanted, bool watches, Func<Task>? act = null)
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var client = await _cluster.Add("a", HintsAlone);
        await using var store = await PostgresRuntimeStore.Open(_cluster.ConnectionString, default);
        var secret = new ClusterSecret(await store.ReadSecret(default));

        // It takes no shards, for it hands over already.
        var third = new NodeRegistration(new Incarnation(Guid.NewGuid()), "third", $"http://127.0.0.1:{port}", "1");
        (await store.Membership.Join(third, Liveness.Bound, default)).ShouldBeTrue();
        await store.Membership.Drain(third.Incarnation, default);
        await HostedCluster.Until(client, "the third", shown => shown.Nodes.Count == 2);
        var heard = Hear(listener, secret, wanted);

        // More than once, for the first may be decided before this node has seen the third.
        using var patience = new CancellationTokenSource(Liveness.Bound);
        for (var n = 0; !heard.IsCompleted; n++)
        {
            await Poke(secret, watches ? $"http://127.0.0.1:{port}/" : null);
            await (act?.Invoke() ?? HostedCluster.Ask(client, $"orders-{n}", patience.Token));
        }

        await heard;
    }

    [Fact]
    public async Task With_all_hints_lost_everything_goes_on_by_polling()
    {
        var nowhere = new Uri("http://127.0.0.1:1");
        var clients = new[] { await _cluster.Add("a", advertise: nowhere), await _cluster.Add("b", advertise: nowhere) };
        await HostedCluster.Until(clients[0], "both to own shards", BothOwn);
        using var patience = new CancellationTokenSource(Liveness.Bound);
        for (var n = 0; n < 4; n++)
        {
            await HostedCluster.Ask(clients[n % 2], $"orders-{n}", patience.Token);
        }
    }

    [Fact]
    public async Task Whoever_cannot_prove_that_he_is_a_node_is_not_heard()
    {
        await _cluster.Add("a");
        await using var store = await PostgresRuntimeStore.Open(_cluster.ConnectionString, default);
        var body = new HintBatch([], [], Cancel: false, Placement: true).Write();
        var proof = new ClusterSecret(await store.ReadSecret(default)).Prove(body);
        (await Post(body, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(body, new ClusterSecret([1]).Prove(body))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(Encoding.UTF8.GetBytes("{}"), proof)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(body, proof)).ShouldBe(HttpStatusCode.NoContent);
        (await Post(new byte[HintBatch.MostBytes + 1], proof)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static bool BothOwn(ShowClusterResponse shown) => shown.Nodes.Count(n => n.Shards > 0) == 2 && shown.Nodes.Sum(n => n.Shards) == 258;

    private async Task<ApiClient[]> Pair(RuntimeSettings settings)
    {
        ApiClient[] clients = [await _cluster.Add("a", settings), await _cluster.Add("b", settings)];
        await HostedCluster.Until(clients[0], "both to own shards", BothOwn);
        return clients;
    }

    private async Task Poke(ClusterSecret secret, string? watched)
    {
        var body = new HintBatch([], [], Cancel: false, Placement: true, Watched: watched).Write();
        await Post(body, secret.Prove(body));
    }

    private async Task<HttpStatusCode> Post(byte[] body, string? proof)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_cluster.Hosts[0].Address, HintEndpoint.Path)) { Content = new ByteArrayContent(body) };
        if (proof is not null)
        {
            request.Headers.Add(ClusterSecret.Header, proof);
        }

        return (await http.SendAsync(request)).StatusCode;
    }

    private static async Task Hear(HttpListener listener, ClusterSecret secret, Func<Hint, bool> wanted)
    {
        while (true)
        {
            var http = await listener.GetContextAsync().WaitAsync(Liveness.Bound);
            using var body = new MemoryStream();
            await http.Request.InputStream.CopyToAsync(body);
            var isProven = secret.IsProof(http.Request.Headers[ClusterSecret.Header], body.ToArray());
            http.Response.StatusCode = 204;
            http.Response.Close();
            if (http.Request.Url!.AbsolutePath != HintEndpoint.Path)
            {
                continue;
            }

            isProven.ShouldBeTrue();
            if (HintBatch.Read(body.ToArray()).Hints().Any(wanted))
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

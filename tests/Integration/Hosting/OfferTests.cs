using System.Net;
using Google.Protobuf;
using Latecomer.Node.Hints;
using Latecomer.Node.Intake;
using Latecomer.Node.Intake.Protocol;
using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Requests on their way from one node to the one that owns their actor.</summary>
public sealed class OfferTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");
    private static readonly NodeRegistration Self = new(new Incarnation(new Guid(1, 0, 0, new byte[8])), "self", "http://127.0.0.1:1", "1");
    private static readonly Incarnation Owner = new(new Guid(2, 0, 0, new byte[8]));

    private readonly ClusterSecret _secret = new([1, 2, 3]);
    private readonly SocketsHttpHandler _connections = new() { UseProxy = false };
    private readonly ClusterIntake _intake;
    private OfferListener _listener = null!;

    public OfferTests() => _intake = new ClusterIntake(new LocalIntake(), _secret, _connections, TimeProvider.System);

    public async Task InitializeAsync()
    {
        _listener = await OfferListener.Start(_secret);
        _intake.See(To(_listener.Address));
    }

    public async Task DisposeAsync()
    {
        _intake.Dispose();
        _connections.Dispose();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task It_arrives_as_it_was_made()
    {
        var request = Request("r");
        await Offer(request);
        var heard = _listener.Heard.ShouldHaveSingleItem();
        heard.ShouldBe(request with { Message = heard.Message });
        (heard.Message.Type, heard.Message.SchemaVersion).ShouldBe((request.Message.Type, request.Message.SchemaVersion));
        heard.Message.Body.ShouldBe(request.Message.Body);
    }

    [Fact]
    public async Task Its_outcome_comes_back_as_it_is()
    {
        OfferOutcome[] outcomes =
        [
            OfferOutcome.Declined.Instance, new OfferOutcome.TakenUp(null), new OfferOutcome.TakenUp(new StoredReply(ReplyStatus.Ok, [1, 2], null)),
            new OfferOutcome.TakenUp(new StoredReply(ReplyStatus.Ok, [], null)), new OfferOutcome.TakenUp(new StoredReply(ReplyStatus.NotFound, null, "nobody")),
        ];
        _listener.Decide = r => Task.FromResult(outcomes[int.Parse(r.Id.Value)]);
        var got = await Task.WhenAll(Enumerable.Range(0, outcomes.Length).Select(n => Offer(Request($"{n}"))));
        for (var n = 0; n < outcomes.Length; n++)
        {
            DurableJson.Write(got[n] as OfferOutcome.TakenUp).ShouldBe(DurableJson.Write(outcomes[n] as OfferOutcome.TakenUp));
        }
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own()
    {
        _listener.Decide = r => Task.FromResult<OfferOutcome>(new OfferOutcome.TakenUp(new StoredReply(ReplyStatus.NotFound, null, r.Id.Value)));
        var got = await Task.WhenAll(Enumerable.Range(0, 3 * OfferFormat.MostOffers).Select(n => Offer(Request($"{n}"))));
        got.Select(o => o.ShouldBeOfType<OfferOutcome.TakenUp>().Reply!.Message).ShouldBe(Enumerable.Range(0, 3 * OfferFormat.MostOffers).Select(n => $"{n}"));
    }

    [Fact]
    public async Task Nobody_but_a_node_is_believed()
    {
        _listener.Decide = TakeUp;
        _listener.Between = async (http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers[ClusterSecret.Header] = new string('0', 64);
                return Task.CompletedTask;
            });
            await next(http);
        };
        (await Offer(Request("r"))).ShouldBe(OfferOutcome.Declined.Instance);
    }

    [Fact]
    public async Task An_answer_to_an_earlier_offer_is_not_believed()
    {
        _listener.Decide = TakeUp;
        (byte[] Body, string Proof)? first = null;
        _listener.Between = async (http, next) =>
        {
            if (first is { } answer)
            {
                http.Response.Headers[ClusterSecret.Header] = answer.Proof;
                await http.Response.Body.WriteAsync(answer.Body);
                return;
            }

            using var copy = new MemoryStream();
            var body = http.Response.Body;
            http.Response.Body = copy;
            await next(http);
            first = (copy.ToArray(), http.Response.Headers[ClusterSecret.Header].ToString());
            await body.WriteAsync(copy.ToArray());
        };
        (await Offer(Request("first"))).ShouldBeOfType<OfferOutcome.TakenUp>();
        (await Offer(Request("second"))).ShouldBe(OfferOutcome.Declined.Instance);
    }

    [Fact]
    public async Task To_a_node_that_was_found_dead_nothing_waits()
    {
        var never = new TaskCompletionSource<OfferOutcome>();
        var arrived = new TaskCompletionSource();
        _listener.Decide = _ =>
        {
            arrived.SetResult();
            return never.Task;
        };
        var offered = Offer(Request("r"));
        await arrived.Task.WaitAsync(Liveness.Bound);
        _intake.See(Routes.None);
        (await offered.WaitAsync(Liveness.Bound)).ShouldBe(OfferOutcome.Declined.Instance);
        (await Offer(Request("other"))).ShouldBe(OfferOutcome.Declined.Instance);
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_is_left_alone_for_a_while()
    {
        _listener.Between = (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        (await Offer(Request("r"))).ShouldBe(OfferOutcome.Declined.Instance);
        _listener.Between = (http, next) => next(http);
        (await Offer(Request("other"))).ShouldBe(OfferOutcome.Declined.Instance);
        _listener.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_no_node_has_sent_is_refused()
    {
        var batch = new OfferBatch { Offers = { OfferFormat.Write(Request("r")) } };
        (await Post(batch.ToByteArray(), proof: null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(batch.ToByteArray(), new ClusterSecret([9]).Prove(batch.ToByteArray()))).ShouldBe(HttpStatusCode.Unauthorized);
        _listener.Heard.ShouldBeEmpty();
        batch.Offers.Add(new Offer { Actor = "nonsense" });
        (await Proven(batch.ToByteArray())).ShouldBe(HttpStatusCode.BadRequest);
        (await Proven([0xff, 1, 2])).ShouldBe(HttpStatusCode.BadRequest);
        (await Proven(new OfferBatch { Offers = { Enumerable.Repeat(OfferFormat.Write(Request("r")), OfferFormat.MostOffers + 1) } }.ToByteArray())).ShouldBe(HttpStatusCode.BadRequest);
        _listener.Heard.ShouldBeEmpty();
    }

    private static Task<OfferOutcome> TakeUp(NewRequest request) => Task.FromResult<OfferOutcome>(new OfferOutcome.TakenUp(Reply: null));

    private static NewRequest Request(string id) => new(
        RequestId.Parse(id), "hash", Ann, Toys.Catalog.ShardOf(Ann), Toys.Catalog.BehaviorOf(Ann).WriteMessage(new CounterMessage.Add(1, RequestId.Parse(id))),
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>A view in which a node there owns the actor.</summary>
    private static Routes To(Uri address)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var owner = new NodeStatus(new NodeRegistration(Owner, "owner", address.ToString(), "1"), now, now.AddSeconds(4), Draining: false);
        return Routes.Of(Self.Incarnation, new PlacementView([owner], [new ShardOwnership(Toys.Catalog.ShardOf(Ann), 1, Owner)], now));
    }

    private async Task<OfferOutcome> Offer(NewRequest request) => await _intake.Offer(request, default).AsTask().WaitAsync(Liveness.Bound);

    private Task<HttpStatusCode> Proven(byte[] body) => Post(body, _secret.Prove(body));

    private async Task<HttpStatusCode> Post(byte[] body, string? proof)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_listener.Address, OfferEndpoint.Path)) { Content = new ByteArrayContent(body) };
        if (proof is not null)
        {
            request.Headers.Add(ClusterSecret.Header, proof);
        }

        return (await http.SendAsync(request)).StatusCode;
    }
}

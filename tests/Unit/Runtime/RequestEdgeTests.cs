using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Requests from the edge: applied once, with the same reply.</summary>
public sealed class RequestEdgeTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");
    private static readonly RequestId Id = Toys.Request("request");

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _store;
    private StepNode _node = null!;

    public RequestEdgeTests() => _store = new InMemoryRuntimeStore(_clock);

    public async Task InitializeAsync() => _node = await new StepNode(_store, _clock).Begin();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_reply_comes_with_the_hint_of_the_turn_that_gave_it()
    {
        var asked = _node.Edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        asked.IsCompleted.ShouldBeFalse();
        await _node.RunAll();
        Sum(await asked).ShouldBe(1);
    }

    [Fact]
    public async Task Without_hints_it_is_found_by_polling()
    {
        using var deaf = new RequestEdge(_store, Toys.Catalog, new LocalHints(), _clock, new RuntimeSettings());
        var asked = deaf.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        await _node.RunAll();
        asked.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Sum(await asked).ShouldBe(1);
    }

    [Fact]
    public async Task Asked_again_it_is_applied_once_and_gets_the_same_reply()
    {
        var first = _node.Edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        var second = _node.Edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        await _node.RunAll();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var third = _node.Edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        Sum(await first).ShouldBe(1);
        Sum(await second).ShouldBe(1);
        Sum(await third).ShouldBe(1);
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Theory]
    [InlineData("ann", 2)]
    [InlineData("bob", 1)]
    public async Task The_same_id_with_another_body_or_receiver_is_refused(string key, int amount)
    {
        await _node.Ask(Ann, id => new CounterMessage.Add(1, id));
        (await _node.Edge.Ask(Id, CounterActor.Id(key), new CounterMessage.Add(amount, Id), default)).ShouldBeOfType<RequestOutcome.Mismatch>();
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_take_the_request_back()
    {
        using var impatient = new CancellationTokenSource();
        var asked = _node.Edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked);
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_at_once_are_refused_before_anything_is_stored()
    {
        using var edge = new RequestEdge(_store, Toys.Catalog, new LocalHints(), _clock, new RuntimeSettings { RequestsAtOnce = 1 });
        var asked = edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        var other = Toys.Request("other");
        (await edge.Ask(other, Ann, new CounterMessage.Add(1, other), default)).ShouldBeOfType<RequestOutcome.Overloaded>();
        await _node.RunAll();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await asked;
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task While_too_much_waits_requests_are_refused_before_anything_is_stored()
    {
        using var edge = new RequestEdge(_store, Toys.Catalog, new LocalHints(), _clock, new RuntimeSettings { MostWaiting = 2 });
        for (var n = 0; n < 3; n++)
        {
            await edge.Submit(Toys.Request($"waits-{n}"), Ann, new CounterMessage.Add(1, Toys.Request($"waits-{n}")), default);
        }

        (await edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default)).ShouldBeOfType<RequestOutcome.Overloaded>();
        await _node.RunAll();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var asked = edge.Ask(Id, Ann, new CounterMessage.Add(1, Id), default);
        await _node.RunAll();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Sum(await asked).ShouldBe(4);
    }

    [Fact]
    public async Task A_reply_may_come_from_another_actor_than_the_one_asked()
    {
        var asked = _node.Edge.Ask(Id, PingPongActor.Id("a"), new PingPongMessage.Ball(PingPongActor.Id("b"), 3, Id), default);
        await _node.RunAll();
        Sum(await asked).ShouldBe(2);
    }

    private static long Sum(RequestOutcome outcome) =>
        DurableJson.Read<Total>(outcome.ShouldBeOfType<RequestOutcome.Replied>().Reply.Body!).Sum;
}

using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

public sealed class PingTests
{
    [Fact]
    public async Task Any_actor_answers_a_ping_and_nothing_of_it_changes()
    {
        var clock = new FakeClock();
        await using var store = new InMemoryRuntimeStore(clock);
        var node = await new StepNode(store, clock).Begin();
        var actor = CounterActor.Id("a");
        await node.Send(actor, new CounterMessage.Add(2));
        await node.RunAll();
        var request = Toys.Request("ping");
        (await node.Edge.Ping(request, actor, default)).ShouldBeOfType<SubmitOutcome.Accepted>();
        await node.RunAll();
        var reply = (await store.Requests.FindReply(request, default)).ShouldNotBeNull();
        DurableJson.Read<Pong>(reply.Body).ShouldBe(new Pong(1));
        (await node.Counter("a")).Sum.ShouldBe(2);
        (await store.Journal.Entries(Toys.Catalog.ShardOf(actor), 0, 100, default)).ShouldHaveSingleItem();
    }
}

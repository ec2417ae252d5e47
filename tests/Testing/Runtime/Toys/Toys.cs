using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>The program that the runtime's tests run.</summary>
public static class Toys
{
    public static ActorCatalog Catalog { get; } = new([new CounterActor(), new PingPongActor(), new FanOutActor()]);

    public static RequestId Request(string id) => RequestId.Parse(id);
}

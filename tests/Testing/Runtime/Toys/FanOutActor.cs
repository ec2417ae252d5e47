using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>A singleton that spreads amounts over counters.</summary>
public sealed class FanOutActor : Actor<FanOutState, FanOutMessage, FanOutEntry>
{
    public override ActorKind Kind { get; } = new ActorKind.OnSingleton("FanOut", "fan-out", Ordinal: 0);

    public static ActorId Id(string key) => new("FanOut", key);

    public override FanOutState Initial(string key) => new(0);

    public override void Handle(Turn<FanOutState, FanOutEntry> turn, FanOutMessage message)
    {
        var spread = (FanOutMessage.Spread)message;
        turn.Record(new FanOutEntry.Spread(spread.Counters));
        for (var i = 0; i < spread.Counters; i++)
        {
            turn.Send(CounterActor.Id($"{spread.Prefix}{i}"), new CounterMessage.Add(spread.Amount));
        }

        turn.Reply(spread.Request, new Total(turn.State.Spread));
    }

    public override FanOutState Apply(FanOutState state, FanOutEntry entry) =>
        new(state.Spread + ((FanOutEntry.Spread)entry).Counters);
}

public sealed record FanOutState(long Spread);

public abstract record FanOutMessage
{
    private FanOutMessage()
    {
    }

    public sealed record Spread(string Prefix, int Counters, int Amount, RequestId Request) : FanOutMessage;
}

public abstract record FanOutEntry
{
    private FanOutEntry()
    {
    }

    public sealed record Spread(int Counters) : FanOutEntry;
}

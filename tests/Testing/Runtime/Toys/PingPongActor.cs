using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Hits a ball to another player, as many times as it was told; whoever has it last replies.</summary>
public sealed class PingPongActor : Actor<PingPongState, PingPongMessage, PingPongEntry>
{
    public override ActorKind Kind { get; } = new ActorKind.Sharded("PingPong");

    public static ActorId Id(string key) => new("PingPong", key);

    public override PingPongState Initial(string key) => new(0);

    public override void Handle(Turn<PingPongState, PingPongEntry> turn, PingPongMessage message)
    {
        var ball = (PingPongMessage.Ball)message;
        turn.Record(new PingPongEntry.Hit(ball.Left));
        if (ball.Left == 0)
        {
            turn.Reply(ball.Request, new Total(turn.State.Hits));
        }
        else
        {
            turn.Send(ball.Other, ball with { Other = turn.Self, Left = ball.Left - 1 });
        }
    }

    public override PingPongState Apply(PingPongState state, PingPongEntry entry) => new(state.Hits + 1);
}

public sealed record PingPongState(int Hits);

public abstract record PingPongMessage
{
    private PingPongMessage()
    {
    }

    public sealed record Ball(ActorId Other, int Left, RequestId Request) : PingPongMessage;
}

public abstract record PingPongEntry
{
    private PingPongEntry()
    {
    }

    public sealed record Hit(int Left) : PingPongEntry;
}

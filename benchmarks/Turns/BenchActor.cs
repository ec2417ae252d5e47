using Latecomer.Runtime;

namespace Latecomer.Benchmarks.Turns;

/// <summary>An actor that does in one turn what a turn may do at the least: it is told something from outside, remembers it, writes it into its journal,
/// tells it to an actor on another shard, and replies.</summary>
internal sealed class BenchActor : Actor<BenchState, BenchMessage, BenchEntry>
{
    public static ActorCatalog Catalog { get; } = new([new BenchActor()]);

    public override ActorKind Kind { get; } = new ActorKind.Sharded("Partition");

    public static ActorId Id(int number) => new("Partition", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bench/{number}"));

    /// <summary>An actor of the next ones that lives on another shard.</summary>
    public static ActorId Other(int number, int actors)
    {
        var own = Catalog.ShardOf(Id(number));
        var other = number;
        do
        {
            other = (other + 1) % actors;
        }
        while (other != number && Catalog.ShardOf(Id(other)) == own);
        return Id(other);
    }

    public override BenchState Initial(string key) => new(0, 0);

    public override void Handle(Turn<BenchState, BenchEntry> turn, BenchMessage message)
    {
        switch (message)
        {
            case BenchMessage.Mark mark:
                turn.Record(new BenchEntry.Marked(mark.RunId));
                turn.Send(mark.Other, new BenchMessage.Tell(mark.RunId, mark.Records));
                turn.Reply(mark.Request, new Marks(turn.State.Marks));
                break;
            case BenchMessage.Tell tell:
                if (tell.Records)
                {
                    turn.Record(new BenchEntry.Told(tell.RunId));
                }

                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public override BenchState Apply(BenchState state, BenchEntry entry) => entry switch
    {
        BenchEntry.Marked => state with { Marks = state.Marks + 1 },
        BenchEntry.Told => state with { Told = state.Told + 1 },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

internal sealed record BenchState(long Marks, long Told);

internal sealed record Marks(long Count);

internal abstract record BenchMessage
{
    private BenchMessage()
    {
    }

    // Records: whether the other writes down what it is told.
    public sealed record Mark(string RunId, ActorId Other, RequestId Request, bool Records) : BenchMessage;

    public sealed record Tell(string RunId, bool Records) : BenchMessage;
}

internal abstract record BenchEntry
{
    private BenchEntry()
    {
    }

    public sealed record Marked(string RunId) : BenchEntry;

    public sealed record Told(string RunId) : BenchEntry;
}

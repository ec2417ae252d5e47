using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Adds up what it is told. Can be told to fail, to set timers, and to start work.</summary>
public sealed class CounterActor : Actor<CounterState, CounterMessage, CounterEntry>
{
    public const string Projection = "counters";

    public override ActorKind Kind { get; } = new ActorKind.Sharded("Counter");

    public static ActorId Id(string key) => new("Counter", key);

    public override CounterState Initial(string key) => new(0, []);

    public override void Handle(Turn<CounterState, CounterEntry> turn, CounterMessage message)
    {
        switch (message)
        {
            case CounterMessage.Add add:
                Add(turn, add);
                break;
            case CounterMessage.Read read:
                turn.Reply(read.Request, new Total(turn.State.Sum));
                break;
            case CounterMessage.Fail fail:
                throw new InvalidOperationException($"It was told to fail: {fail.Why}.");
            case CounterMessage.AddLater later:
                turn.SetTimer(later.Timer, turn.Now + later.After, new CounterMessage.Add(later.Amount));
                break;
            case CounterMessage.NotLater not:
                turn.CancelTimer(not.Timer);
                break;
            case CounterMessage.Work work:
                turn.Start(work.Id, work.Kind, work.Amount);
                break;
            case CounterMessage.StopWork stop:
                turn.Cancel(stop.Id);
                break;
            case CounterMessage.Worked worked:
                turn.Record(new CounterEntry.Worked(worked.Id, worked.Outcome, worked.Attempt, worked.Error));
                turn.Record(new CounterEntry.Added(worked.Amount));
                break;
            case CounterMessage.Pass pass:
                turn.Send(pass.To, new CounterMessage.Add(pass.Amount));
                break;
            case CounterMessage.Grow grow:
                turn.Record(new CounterEntry.Grown(grow.Characters));
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public override CounterState Apply(CounterState state, CounterEntry entry) => entry switch
    {
        CounterEntry.Added added => state with { Sum = state.Sum + added.Amount },
        CounterEntry.Worked worked => state with { Works = [.. state.Works, $"{worked.Id}#{worked.Attempt} {worked.Outcome}"] },
        CounterEntry.Grown grown => state with { Works = [.. state.Works, new string('x', grown.Characters)] },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    protected override CounterMessage FromActivity(ActivityEnded ended) => new CounterMessage.Worked(
        ended.Id, ended.Outcome.ToString(), ended.Attempt, ended.Outcome == ActivityOutcome.Completed ? ended.OutputAs<int>() : 0, ended.Error);

    private static void Add(Turn<CounterState, CounterEntry> turn, CounterMessage.Add add)
    {
        turn.Record(new CounterEntry.Added(add.Amount));
        turn.Project(Projection, turn.Self.Key, new Total(turn.State.Sum));
        if (add.Request is { } request)
        {
            turn.Reply(request, new Total(turn.State.Sum));
        }
    }
}

public sealed record CounterState(long Sum, IReadOnlyList<string> Works);

public sealed record Total(long Sum);

public abstract record CounterMessage
{
    private CounterMessage()
    {
    }

    public sealed record Add(int Amount, RequestId? Request = null) : CounterMessage;

    public sealed record Read(RequestId Request) : CounterMessage;

    public sealed record Fail(string Why) : CounterMessage;

    public sealed record AddLater(string Timer, TimeSpan After, int Amount) : CounterMessage;

    public sealed record NotLater(string Timer) : CounterMessage;

    public sealed record Work(string Id, string Kind, int Amount) : CounterMessage;

    public sealed record StopWork(string Id) : CounterMessage;

    public sealed record Worked(string Id, string Outcome, int Attempt, int Amount, string? Error) : CounterMessage;

    public sealed record Pass(ActorId To, int Amount) : CounterMessage;

    public sealed record Grow(int Characters) : CounterMessage;
}

public abstract record CounterEntry
{
    private CounterEntry()
    {
    }

    public sealed record Added(int Amount) : CounterEntry;

    public sealed record Worked(string Id, string Outcome, int Attempt, string? Error) : CounterEntry;

    public sealed record Grown(int Characters) : CounterEntry;
}

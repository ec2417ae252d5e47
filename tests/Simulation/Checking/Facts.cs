using System.Runtime.CompilerServices;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Something that became durable, as the store saw it.</summary>
internal abstract record Fact
{
    private Fact()
    {
    }

    /// <summary>A journal entry.</summary>
    public sealed record Happened(ActorId Actor, object Entry) : Fact;

    /// <summary>A message was sent.</summary>
    public sealed record Sent(ActorId? From, ActorId To, SerializedMessage Message) : Fact;

    /// <summary>An activity was started.</summary>
    public sealed record Started(ActivityKey Key, string Kind, object Input) : Fact;

    /// <summary>The end of an activity was accepted.</summary>
    public sealed record Ended(ActivityKey Key, ActivityOutcome Outcome) : Fact;

    /// <summary>A request was accepted.</summary>
    public sealed record Requested(NewRequest Request) : Fact;

    /// <summary>A request was answered.</summary>
    public sealed record Replied(RequestId Request, StoredReply Reply, DateTimeOffset At) : Fact;

    /// <summary>A row was put, or removed.</summary>
    public sealed record Projected(string Projection, string Key, byte[]? Body) : Fact;

    /// <summary>All facts of a batch have been told.</summary>
    public sealed record BatchOver : Fact;
}

/// <summary>Watches what becomes durable, and knows what must never be, by a model of its own.</summary>
internal abstract class Rule(Findings findings)
{
    /// <summary>Told of every fact, in order. <see cref="Ledger"/> has the facts before it.</summary>
    public abstract void See(Fact fact);

    /// <summary>Asked when nothing is under way any more.</summary>
    public virtual void AtRest(Rest rest)
    {
    }

    /// <summary>A date has forgotten all, because its pipeline is deleted. <see cref="Ledger"/> still has what was.</summary>
    public virtual void Forget(DateOf date)
    {
    }

    /// <summary>A pipeline is deleted.</summary>
    public virtual void Forget(PipelineName pipeline)
    {
    }

    protected static void Drop<TKey, TValue>(Dictionary<TKey, TValue> known, Func<TKey, bool> isGone)
        where TKey : notnull
    {
        foreach (var key in known.Keys.Where(isGone).ToList())
        {
            known.Remove(key);
        }
    }

    protected void Expect(bool holds, string invariant, [InterpolatedStringHandlerArgument(nameof(holds))] Otherwise otherwise)
    {
        if (!holds)
        {
            findings.Report(invariant, otherwise.ToString());
        }
    }
}

/// <summary>The first violation that was found.</summary>
internal sealed class Findings(Trace trace)
{
    public string? First { get; private set; }

    public void Report(string invariant, string what)
    {
        if (First is null)
        {
            First = $"{invariant}: {what}";
            trace.Add($"VIOLATED {First}");
        }
    }
}

/// <summary>What can be looked at when nothing is under way.</summary>
internal sealed record Rest(SimulatedWorld World, Ledger Ledger, Func<ActorId, object?> StateOf, IReadOnlyDictionary<(string Projection, string Key), byte[]> Rows)
{
    public T? StateOfType<T>(ActorId actor)
        where T : class => StateOf(actor) as T;

    public IEnumerable<(string Key, byte[] Body)> RowsOf(string projection) =>
        Rows.Where(r => r.Key.Projection == projection).Select(r => (r.Key.Key, r.Value)).OrderBy(r => r.Key, StringComparer.Ordinal);
}

/// <summary>Which date of which pipeline.</summary>
internal readonly record struct DateOf(PipelineName Pipeline, LogicalDate Date)
{
    public static DateOf Actor(ActorId actor)
    {
        var (pipeline, date) = ActorIds.PartitionOf(actor.Key);
        return new DateOf(pipeline, date);
    }

    public override string ToString() => $"{Pipeline}/{Date}";
}

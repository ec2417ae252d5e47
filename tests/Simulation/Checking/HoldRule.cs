using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 1: a partition has one hold at a time, and one work under it; hold numbers grow.</summary>
internal sealed class HoldRule(Ledger ledger, Findings findings) : Rule(findings)
{
    private const string Invariant = "1 (one run processes a partition)";

    private readonly Dictionary<DateOf, (long Number, RunId Run)> _last = [];
    private readonly Dictionary<DateOf, (RunId? Holder, long HoldNumber, bool HasSlot)> _atStart = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PartitionEntry.Held held } happened:
                var before = ledger.Date(DateOf.Actor(happened.Actor));
                var holder = before.Holder;
                Expect(holder is null || holder == held.Run, Invariant, $"{happened.Actor} was given to {held.Run} while {holder} held it");
                Expect(held.Number > before.HoldNumber, Invariant, $"{happened.Actor} was given to {held.Run} under hold {held.Number} after {before.HoldNumber}");
                break;
            case Fact.Happened { Entry: PartitionEntry.Processed processed } happened:
                var holds = ledger.Date(DateOf.Actor(happened.Actor)).Holder;
                Expect(holds == processed.Run, Invariant, $"{processed.Run} has processed {happened.Actor}, which {holds?.Value ?? "nobody"} holds");
                break;
            case Fact.Happened { Entry: PartitionEntry.SectionLeft left } happened:
                var work = ledger.Date(DateOf.Actor(happened.Actor)).Work;
                Expect(work is null || work.Run != left.Run, Invariant, $"{happened.Actor} was released by {left.Run} while its work had not ended");
                break;
            case Fact.Happened { Entry: PartitionEntry.TaskStarted { Task: TaskKind.Work } started } happened:
                var date = ledger.Date(DateOf.Actor(happened.Actor));
                _atStart[DateOf.Actor(happened.Actor)] = (date.Holder, date.HoldNumber, date.Runs[started.Run].HasSlot);
                break;
            case Fact.Started { Input: RunWork work1 }:
                Start(work1);
                break;
        }
    }

    /// <summary>Hold numbers grow on: what fences tables outlives the pipeline.</summary>
    public override void Forget(DateOf date) => _atStart.Remove(date);

    private void Start(RunWork work)
    {
        var date = new DateOf(work.Definition.Name, work.Date);
        var (holder, number, hasSlot) = _atStart[date];
        var running = ledger.Date(date).Work;
        Expect(running is null, Invariant, $"the work of {work.Run} on {date} was started while that of {running?.Run} had not ended");
        Expect(holder == work.Run, Invariant, $"{work.Run} works on {date}, which {holder} holds");
        Expect(number == work.HoldNumber, Invariant, $"{work.Run} works on {date} under hold {work.HoldNumber}, but the last one was {number}");
        Expect(hasSlot, "6 (slots)", $"{work.Run} works on {date} without a slot");
        if (_last.TryGetValue(date, out var last))
        {
            Expect(work.HoldNumber > last.Number || (work.HoldNumber == last.Number && work.Run == last.Run), Invariant,
                $"{work.Run} works on {date} under hold {work.HoldNumber} after {last.Run} did under {last.Number}");
        }

        _last[date] = (work.HoldNumber, work.Run);
    }
}

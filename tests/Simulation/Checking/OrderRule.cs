using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 5: the marks of scheduled runs follow their dates, their creations likewise, over clears; and one of each is under way at a time.</summary>
internal sealed class OrderRule(Ledger ledger, Findings findings) : Rule(findings)
{
    private const string Invariant = "5 (depends_on_past)";

    private readonly Dictionary<(DateOf, TaskKind), long> _cleared = [];
    private readonly Dictionary<DateOf, long> _marked = [];
    private readonly Dictionary<DateOf, long> _created = [];
    private readonly Dictionary<PipelineName, RunId?> _turn = [];
    private readonly Dictionary<PipelineName, RunId?> _creation = [];

    public override void See(Fact fact)
    {
        if (fact is not Fact.Happened happened)
        {
            return;
        }

        switch (happened.Entry)
        {
            case MarkingEntry entry:
                SeeMarking(PipelineName.Parse(happened.Actor.Key), entry);
                break;
            case BackfillEntry entry:
                SeeCreation(PipelineName.Parse(happened.Actor.Key), entry);
                break;
            case PartitionEntry.Held held:
                CheckMarking(DateOf.Actor(happened.Actor), held.Run);
                break;
            case PartitionEntry.TaskEnded { Task: TaskKind.Mark, State: TaskState.Success } ended:
                var run = ledger.Date(DateOf.Actor(happened.Actor)).Runs[ended.Run];
                if (run.Kind == RunKind.Scheduled)
                {
                    _marked[DateOf.Actor(happened.Actor)] = run.ClearNumber;
                }

                break;
            case PartitionEntry.TasksCleared cleared when cleared.Tasks.Contains(TaskKind.Mark) && cleared.Run == RunId.Scheduled(DateOf.Actor(happened.Actor).Date):
                _marked.Remove(DateOf.Actor(happened.Actor));
                break;
            case PartitionEntry.RunEnded ended:
                EndRun(DateOf.Actor(happened.Actor), ended.Run);
                break;
        }
    }

    public override void Forget(DateOf date)
    {
        Drop(_cleared, k => k.Item1 == date);
        _marked.Remove(date);
        _created.Remove(date);
    }

    public override void Forget(PipelineName pipeline)
    {
        _turn.Remove(pipeline);
        _creation.Remove(pipeline);
    }

    private void CheckMarking(DateOf date, RunId run)
    {
        Expect(_turn.GetValueOrDefault(date.Pipeline) == run, Invariant, $"{run} of {date} marks, but it is the turn of {_turn.GetValueOrDefault(date.Pipeline)}");
        var other = ledger.Dates.Where(d => d.Key.Pipeline == date.Pipeline).SelectMany(d => d.Value.Runs.Values)
            .FirstOrDefault(r => r.Tasks[(int)TaskKind.Mark] == TaskState.Running && r.Ended is null && r.Id != run);
        Expect(other is null, Invariant, $"{run} of {date} marks while {other?.Id} does");
    }

    private void SeeMarking(PipelineName pipeline, MarkingEntry entry)
    {
        switch (entry)
        {
            case MarkingEntry.TurnGiven given:
                _turn[pipeline] = given.Request.Run;
                if (given.Request.Kind == RunKind.Scheduled)
                {
                    CheckPredecessor(pipeline, given.Request.Date, TaskKind.Mark, _marked, "marks");
                }

                break;
            case MarkingEntry.MarksAdopted adopted:
                Adopt(pipeline, adopted.Dates, _marked);
                break;
            case MarkingEntry.MarksReset reset:
                Reset(pipeline, TaskKind.Mark, reset.Dates, reset.Number);
                break;
        }
    }

    private void SeeCreation(PipelineName pipeline, BackfillEntry entry)
    {
        switch (entry)
        {
            case BackfillEntry.Begun begun:
                var current = _creation.GetValueOrDefault(pipeline);
                Expect(current is null, Invariant, $"the creation of {begun.Request.Run} began while that of {current} was under way");
                _creation[pipeline] = begun.Request.Run;
                if (begun.Request.Kind == RunKind.Scheduled)
                {
                    CheckPredecessor(pipeline, begun.Request.Date, TaskKind.Creation, _created, "creates");
                }

                break;
            case BackfillEntry.Created when _creation.GetValueOrDefault(pipeline) is { } run:
                _creation[pipeline] = null;
                foreach (var (date, known) in ledger.Dates.Where(d => d.Key.Pipeline == pipeline && run == RunId.Scheduled(d.Key.Date)))
                {
                    _created[date] = known.Runs[run].ClearNumber;
                }

                break;
            case BackfillEntry.Failed:
                _creation[pipeline] = null;
                break;
            case BackfillEntry.CreationsAdopted adopted:
                Adopt(pipeline, adopted.Dates, _created);
                break;
            case BackfillEntry.CreationsReset reset:
                Reset(pipeline, TaskKind.Creation, reset.Dates, reset.Number);
                break;
        }
    }

    private void EndRun(DateOf date, RunId run)
    {
        if (run == RunId.Scheduled(date.Date))
        {
            _created[date] = Math.Max(_created.GetValueOrDefault(date, -1), ledger.Date(date).Runs[run].ClearNumber);
        }
    }

    private void Adopt(PipelineName pipeline, DateRange dates, Dictionary<DateOf, long> done)
    {
        foreach (var date in dates.Dates(ledger.Pipeline(pipeline).Definition!.Schedule))
        {
            done[new DateOf(pipeline, date)] = 0;
        }
    }

    private void Reset(PipelineName pipeline, TaskKind task, DateRange dates, long number)
    {
        foreach (var date in dates.Dates(ledger.Pipeline(pipeline).Definition!.Schedule))
        {
            _cleared[(new DateOf(pipeline, date), task)] = number;
        }
    }

    private void CheckPredecessor(PipelineName pipeline, LogicalDate date, TaskKind task, Dictionary<DateOf, long> done, string does)
    {
        var definition = ledger.Pipeline(pipeline).Definition!;
        if (date == definition.Start)
        {
            return;
        }

        var before = new DateOf(pipeline, definition.Schedule.Shift(date, -1));
        var required = _cleared.GetValueOrDefault((before, task));
        Expect(done.TryGetValue(before, out var clear) && clear >= required, Invariant, $"{pipeline}/{date} {does} before {before}, whose last clear was {required}");
    }
}

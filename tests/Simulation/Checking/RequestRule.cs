using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 9: what was accepted is answered once and has its effect once.</summary>
internal sealed class RequestRule(Ledger ledger, ActorCatalog catalog, Findings findings, TimeSpan repliesKept, TimeProvider time) : Rule(findings)
{
    private const string Invariant = "9 (requests have their effect once)";

    private readonly Dictionary<RequestId, (NewRequest Request, object Message)> _accepted = [];
    private readonly Dictionary<RequestId, (StoredReply Reply, DateTimeOffset At)> _replies = [];
    private readonly List<(object Message, StoredReply Reply)> _forgotten = [];
    private readonly Dictionary<(PipelineName, long), ClearOperation> _clears = [];
    private readonly HashSet<RequestId> _begun = [];
    private readonly HashSet<(DateOf, RunId)> _created = [];
    private readonly HashSet<(DateOf, RunId)> _cancelled = [];
    private readonly Dictionary<(PipelineName, long), (int Runs, int Tasks)> _failuresCleared = [];
    private readonly HashSet<RunId> _gone = [];

    public StoredReply? ReplyTo(RequestId request) => _replies.GetValueOrDefault(request).Reply;

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Requested requested:
                var message = requested.Request.Message.Type == Ping.Type ? Ping.Type : catalog.BehaviorOf(requested.Request.To).ReadMessage(requested.Request.Message);
                Forget(requested.Request);
                Expect(_accepted.TryAdd(requested.Request.Id, (requested.Request, message)), Invariant, $"{requested.Request.Id} was accepted twice");
                break;
            case Fact.Replied replied:
                Reply(replied.Request, replied.Reply, replied.At);
                break;
            case Fact.Happened { Entry: PipelineEntry.ClearBegun begun } happened:
                BeginClear(PipelineName.Parse(happened.Actor.Key), begun.Clear);
                break;
            case Fact.Happened { Entry: PartitionEntry.TasksCleared cleared } happened:
                var date = DateOf.Actor(happened.Actor);
                Expect(_clears.TryGetValue((date.Pipeline, cleared.Number), out var clear) && (clear.Failures is not null || clear.Tasks.IsSubsetOf(cleared.Tasks)), Invariant,
                    $"clear {cleared.Number} of {cleared.Run} took {string.Join(", ", cleared.Tasks)}");
                if (clear?.Failures is not null)
                {
                    ClearFailed(clear, date, cleared);
                }

                break;
            case Fact.Happened { Entry: PartitionEntry.RunEnded { State: RunState.Cancelled } ended } happened:
                _cancelled.Add((DateOf.Actor(happened.Actor), ended.Run));
                break;
            case Fact.Happened { Entry: PartitionEntry.ClearSeen seen } happened when _clears.TryGetValue((DateOf.Actor(happened.Actor).Pipeline, seen.Number), out var seenClear):
                var run = ledger.Date(DateOf.Actor(happened.Actor)).Runs[seen.Run];
                Expect(seenClear.Tasks.All(t => run.Tasks[(int)t] == TaskState.None), Invariant, $"clear {seen.Number} of {seen.Run} was passed over, though tasks of it had run");
                break;
            case Fact.Happened { Entry: PartitionEntry.RunCreated created } happened:
                Expect(_created.Add((DateOf.Actor(happened.Actor), created.Run)), Invariant, $"{created.Run} of {happened.Actor} was created twice");
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (id, (request, message)) in _accepted)
        {
            Expect(_replies.ContainsKey(id), Invariant, $"{id}, a {request.Message.Type}, was accepted and never answered");
        }

        var triggered = _replies.Select(r => (_accepted[r.Key].Message, r.Value.Reply)).Concat(_forgotten)
            .Where(r => r.Reply.Status == ReplyStatus.Ok && r.Message is PipelineMessage.Trigger)
            .Select(r => DurableJson.Read<TriggerReply>(r.Reply.Body!).Run).Where(r => !_gone.Contains(r)).Order(Comparer<RunId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)));
        var manual = ledger.Dates.SelectMany(d => d.Value.Runs.Values).Where(r => r.Kind == RunKind.Manual)
            .Select(r => r.Id).Order(Comparer<RunId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)));
        Expect(triggered.SequenceEqual(manual), Invariant, $"people triggered {string.Join(", ", triggered)}, but there are {string.Join(", ", manual)}");
    }

    public override void Forget(DateOf date)
    {
        _gone.UnionWith(ledger.Date(date).Runs.Keys);
        _created.RemoveWhere(c => c.Item1 == date);
    }

    /// <summary>Once its reply has been kept for the time that was promised, a request may be new again. What counts is when it is accepted: it may have been
    /// asked before, and have waited on its way.</summary>
    private void Forget(NewRequest again)
    {
        if (_accepted.TryGetValue(again.Id, out var known) && _replies.TryGetValue(again.Id, out var answer))
        {
            var now = time.GetUtcNow();
            if (known.Request.ExpiresAt < now && answer.At + repliesKept < now)
            {
                _forgotten.Add((known.Message, answer.Reply));
                _accepted.Remove(again.Id);
                _replies.Remove(again.Id);
                _begun.Remove(again.Id);
            }
        }
    }

    private void Reply(RequestId id, StoredReply reply, DateTimeOffset at)
    {
        Expect(_accepted.ContainsKey(id) && _replies.TryAdd(id, (reply, at)), Invariant, $"{id} was answered twice, or never asked");
        if (_accepted.TryGetValue(id, out var asked) && reply.Status == ReplyStatus.Ok && asked.Message is PartitionMessage.CancelRun cancel)
        {
            Expect(_cancelled.Contains((DateOf.Actor(asked.Request.To), cancel.Run)), Invariant, $"{id} was answered before {cancel.Run} had ended");
        }

        if (_accepted.TryGetValue(id, out var known) && reply.Status == ReplyStatus.Ok && known.Message is PipelineMessage.Clear { DryRun: false } message)
        {
            EndClear(PipelineName.Parse(known.Request.To.Key), message, DurableJson.Read<ClearReply>(reply.Body!));
        }
    }

    /// <summary>Only what has ended without success is taken, and it is counted.</summary>
    private void ClearFailed(ClearOperation clear, DateOf date, PartitionEntry.TasksCleared cleared)
    {
        var run = ledger.Date(date).Runs[cleared.Run];
        var failed = Tasks.All.Where(t => clear.Tasks.Contains(t) && run.Tasks[(int)t] is not (TaskState.Success or TaskState.Skipped)).ToList();
        Expect(run.Ended is not (null or RunState.Success) && failed.TrueForAll(cleared.Tasks.Contains) && failed.Count > 0, Invariant,
            $"{clear.Request} clears {string.Join(", ", cleared.Tasks)} of {cleared.Run} of {date}, which is {run.Ended}, but failed have {string.Join(", ", failed)}");
        var (runs, tasks) = _failuresCleared.GetValueOrDefault((date.Pipeline, clear.Number));
        _failuresCleared[(date.Pipeline, clear.Number)] = (runs + 1, tasks + cleared.Tasks.Count);
    }

    private void BeginClear(PipelineName pipeline, ClearOperation clear)
    {
        var known = ledger.Pipeline(pipeline);
        Expect(_begun.Add(clear.Request), Invariant, $"{clear.Request} began a second clear");
        _clears.Add((pipeline, clear.Number), clear);
        if (_accepted.TryGetValue(clear.Request, out var request) && request.Message is PipelineMessage.Clear message)
        {
            var from = message.Past || (message.Run is null && message.Date < known.FirstScheduled) ? known.FirstScheduled : message.Date;
            var to = message.Future ? known.LastScheduled!.Value : message.Date;
            Expect(clear.Dates == new DateRange(from, to), Invariant, $"{clear.Request} clears {clear.Dates}, not {from} to {to}");
            var tasks = Expected(known.Definition!, message);
            Expect(clear.Tasks.SetEquals(tasks), Invariant, $"{clear.Request} clears {string.Join(", ", clear.Tasks)}, not {string.Join(", ", tasks)}");
        }
    }

    private static ImmutableSortedSet<TaskKind> Expected(PipelineDefinition definition, PipelineMessage.Clear message)
    {
        var ids = Tasks.All.Select(t => Tasks.IdOf(t, definition.Work)).ToList();
        var at = message.TaskId is { } id ? ids.IndexOf(id) : -1;
        var first = at < 0 || message.Upstream ? 0 : at;
        var last = at < 0 || message.Downstream ? ids.Count - 1 : at;
        var chosen = Enumerable.Range(first, last - first + 1).Select(i => Tasks.All[i]);

        // The tasks under the hold are cleared together: marking, waiting, working, marking as processed.
        return first < 4 ? [.. chosen, .. Tasks.All.Take(4)] : [.. chosen];
    }

    private void EndClear(PipelineName pipeline, PipelineMessage.Clear message, ClearReply reply)
    {
        var clear = _clears.Values.LastOrDefault(c => c.Request == message.Request);
        Expect(clear is not null, Invariant, $"{message.Request} was answered, but nothing was cleared");
        if (clear is null)
        {
            return;
        }

        if (message.OnlyFailed)
        {
            var (runs, tasks) = _failuresCleared.GetValueOrDefault((pipeline, clear.Number));
            Expect(reply.Runs == runs && reply.TaskInstances == tasks, Invariant,
                $"{message.Request} says {reply.TaskInstances} tasks of {reply.Runs} runs, but {tasks} of {runs} that had failed were cleared");
            return;
        }

        var definition = ledger.Pipeline(pipeline).Definition!;
        var dates = clear.Dates.Dates(definition.Schedule).ToList();
        Expect(reply.Runs == dates.Count && reply.TaskInstances == dates.Count * clear.Tasks.Count, Invariant,
            $"{message.Request} says {reply.TaskInstances} tasks of {reply.Runs} runs, but {dates.Count} runs with {clear.Tasks.Count} tasks each were cleared");
        foreach (var date in dates)
        {
            var run = clear.Run ?? RunId.Scheduled(date);
            var taken = ledger.Date(new DateOf(pipeline, date)).Runs.GetValueOrDefault(run);
            Expect(taken is not null && Math.Max(taken.ClearNumber, taken.PendingClear) >= clear.Number, Invariant, $"{message.Request} was answered before {run} had taken clear {clear.Number}");
        }
    }
}

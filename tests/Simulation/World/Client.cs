using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Somebody who asks the cluster for things, through one edge or another, and asks again with the same id when no answer came, or for no reason.</summary>
internal sealed class Client(Scenario scenario, IReadOnlyList<RequestEdge> edges, SeededRandom random, Trace trace, Findings findings, Ledger ledger)
{
    private readonly List<Asked> _asked = [];

    /// <summary>Replies are removed while it still asks: what it asks again then is new, and may be answered otherwise.</summary>
    public bool RepliesGo { get; init; }

    public IEnumerable<RequestId> Unanswered => _asked.Where(a => a.Reply is null).Select(a => a.Id);

    public void ApplyAll()
    {
        foreach (var pipeline in scenario.Pipelines)
        {
            Apply(pipeline);
        }
    }

    public void AskSomething()
    {
        var pipeline = random.Pick(scenario.Pipelines);
        switch (random.Below(27))
        {
            case < 3:
                Ask(pipeline, id => new PipelineMessage.Trigger(id, AnyDate(pipeline)));
                break;
            case < 5:
                Apply(Scenario.Redraw(pipeline, random));
                break;
            case < 15:
                Ask(pipeline, id => AnyClear(pipeline, id));
                break;
            case < 16:
                AskForSomethingElse();
                break;
            case < 19:
                AskToCancel(pipeline);
                break;
            case < 21:
                Pause(pipeline.Name, random.Half());
                break;
            case < 24:
                AskForBackfill(pipeline);
                break;
            default:
                AskAgain();
                break;
        }
    }

    /// <summary>With the id of a request that was accepted: it must be refused, and change nothing.</summary>
    public void AskForSomethingElse()
    {
        var accepted = _asked.Where(a => a.Reply is not null).ToList();
        if (accepted.Count > 0 && !RepliesGo)
        {
            var asked = random.Pick(accepted);
            trace.Add($"asks for something else by the id {asked.Id}");
            _ = SubmitAnother(asked);
        }
    }

    /// <summary>Runs a date's scheduled run again, wholly or from its creation on.</summary>
    public void Clear(PipelineName pipeline, LogicalDate date, string? task) =>
        Ask(pipeline, id => new PipelineMessage.Clear(id, date, Run: null, task, Past: false, Future: false, Upstream: false, Downstream: true, DryRun: false));

    /// <summary>Ends all pauses, and applies what was deleted.</summary>
    public void GoOnWithAll()
    {
        foreach (var pipeline in scenario.Pipelines.Where(p => ledger.Pipeline(p.Name).Definition is null))
        {
            Apply(pipeline);
        }

        foreach (var pipeline in ledger.Pipelines.ToList())
        {
            if (pipeline.Paused)
            {
                Pause(pipeline.Name, pause: false);
            }

            if (pipeline.Backfill is { IsPaused: true } backfill)
            {
                Ask(pipeline.Name, id => new PipelineMessage.UnpauseBackfill(id, backfill.Number));
            }
        }
    }

    /// <summary>Asks again for everything that was not answered.</summary>
    public void AskAgainForAnswers()
    {
        foreach (var asked in _asked.Where(a => a.Reply is null).ToList())
        {
            Submit(asked);
        }
    }

    public void AskAgain()
    {
        if (_asked.Count > 0)
        {
            Submit(random.Pick(_asked));
        }
    }

    private static LogicalDate AnyDate(PipelineDefinition pipeline, SeededRandom random) =>
        pipeline.Schedule.Shift(pipeline.Start, random.Between(-1, (int)pipeline.Schedule.Distance(pipeline.Start, pipeline.End!.Value) + 1));

    private LogicalDate AnyDate(PipelineDefinition pipeline) => AnyDate(pipeline, random);

    private PipelineMessage.Clear AnyClear(PipelineDefinition pipeline, RequestId id)
    {
        var task = random.Half() ? Tasks.IdOf(random.Pick(Tasks.All), pipeline.Work) : null;
        var date = AnyDate(pipeline);
        var runs = ledger.Date(new DateOf(pipeline.Name, date)).Runs.Keys.ToList();
        var run = random.PerMille(250) && runs.Count > 0 ? random.Pick(runs) : (RunId?)null;
        var far = run is null;
        return new PipelineMessage.Clear(
            id, date, run, task, far && random.PerMille(250), far && random.PerMille(300), random.PerMille(200), random.PerMille(700), random.PerMille(50),
            OnlyFailed: random.PerMille(200));
    }

    private void AskToCancel(PipelineDefinition pipeline)
    {
        var runs = ledger.Dates.Where(d => d.Key.Pipeline == pipeline.Name).SelectMany(d => d.Value.Runs.Values.Select(r => (d.Key.Date, Run: r))).ToList();
        var open = runs.FindAll(r => r.Run.Ended is null);
        if (runs.Count > 0)
        {
            var (date, run) = random.Pick(open.Count > 0 && random.PerMille(900) ? open : runs);
            Ask(ActorIds.Partition(pipeline.Name, date), id => new PartitionMessage.CancelRun(id, run.Id), heard: null);
        }
    }

    private void Pause(PipelineName pipeline, bool pause) =>
        Ask(pipeline, id => pause ? new PipelineMessage.Pause(id) : new PipelineMessage.Unpause(id));

    private void AskForBackfill(PipelineDefinition pipeline)
    {
        if (ledger.Pipeline(pipeline.Name).Backfill is { } backfill && random.PerMille(800))
        {
            Ask(pipeline, id => random.Below(4) switch
            {
                0 => new PipelineMessage.CancelBackfill(id, backfill.Number),
                1 => new PipelineMessage.PauseBackfill(id, backfill.Number),
                _ => new PipelineMessage.UnpauseBackfill(id, backfill.Number),
            });
            return;
        }

        var (one, other) = (AnyDate(pipeline), AnyDate(pipeline));
        var dates = one < other ? new DateRange(one, other) : new DateRange(other, one);
        Ask(pipeline, id => new PipelineMessage.CreateBackfill(
            id, dates, random.Pick(Enum.GetValues<ReprocessBehavior>()), random.Half(), random.Below(3), random.PerMille(150)));
    }

    public void Apply(PipelineDefinition definition) => Ask(definition.Name, id => new PipelineMessage.Apply(id, definition));

    private void Ask(PipelineDefinition pipeline, Func<RequestId, PipelineMessage> message) => Ask(pipeline.Name, message);

    private void Ask(PipelineName pipeline, Func<RequestId, PipelineMessage> message) => Ask(ActorIds.Pipeline(pipeline), message, heard: null);

    /// <summary>Asks an actor; <paramref name="heard"/> is told of the reply, once.</summary>
    public void Ask(ActorId to, Func<RequestId, object> message, Action<StoredReply>? heard)
    {
        var id = RequestId.Parse($"request-{_asked.Count + 1}");
        var asked = new Asked(id, to, message(id), heard);
        _asked.Add(asked);
        Submit(asked);
    }

    private void Submit(Asked asked)
    {
        trace.Add($"asks {asked.Id} {asked.Message}");
        _ = SubmitAndHear(asked);
    }

    private async Task SubmitAndHear(Asked asked)
    {
        try
        {
            switch (await random.Pick(edges).Submit(asked.Id, asked.To, asked.Message, default))
            {
                case SubmitOutcome.Decided decided:
                    Hear(asked, decided.Reply);
                    break;
                case SubmitOutcome.Mismatch:
                    findings.Report("9 (requests)", $"{asked.Id} was taken for another request");
                    break;
            }
        }
        catch (StoreFaultException)
        {
            // It may have been accepted or not: asking again with the same id is safe.
        }
    }

    private async Task SubmitAnother(Asked asked)
    {
        try
        {
            object another = asked.To.Kind == ActorIds.PartitionKind
                ? new PartitionMessage.CancelRun(asked.Id, RunId.Parse("another"))
                : new PipelineMessage.Trigger(asked.Id, LogicalDate.Parse("1999-01-01"));
            var outcome = await random.Pick(edges).Submit(asked.Id, asked.To, another, default);
            if (outcome is not SubmitOutcome.Mismatch)
            {
                findings.Report("9 (requests)", $"{asked.Id} was taken again, for something else: {outcome}");
            }
        }
        catch (StoreFaultException)
        {
            // Nothing was answered, so nothing wrong was.
        }
    }

    private void Hear(Asked asked, StoredReply reply)
    {
        var same = asked.Reply is null || (asked.Reply.Status == reply.Status && asked.Reply.Message == reply.Message
            && asked.Reply.Body.AsSpan().SequenceEqual(reply.Body));
        if (!same && !RepliesGo)
        {
            findings.Report("9 (requests)", $"{asked.Id} got two different replies");
        }

        var isNews = asked.Reply is null;
        asked.Reply = reply;
        if (isNews)
        {
            asked.Heard?.Invoke(reply);
        }
    }

    private sealed class Asked(RequestId id, ActorId to, object message, Action<StoredReply>? heard)
    {
        public RequestId Id => id;

        public ActorId To => to;

        public object Message => message;

        public Action<StoredReply>? Heard => heard;

        public StoredReply? Reply { get; set; }
    }
}

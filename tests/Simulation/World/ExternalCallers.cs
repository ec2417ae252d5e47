using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Programs such as Airflow that run pipelines by calls: they mark, process, create from late, run what they claimed, mark again in a later try, die without a
/// word; and the person who looks after what they leave. They draw from a seed of their own.</summary>
internal sealed class ExternalCallers(Scenario scenario, Client client, Ledger ledger, SeededRandom random)
{
    private const int MostRounds = 20;

    private readonly List<Caller> _callers = [];
    private bool _isOver;

    /// <summary>Whether a seed has them: half of them have not, and are as they always were.</summary>
    public static bool AreIn(ulong seed) => seed % 2 == 1;

    /// <summary>The scenario with a pipeline that only they run, in some of the seeds that have them.</summary>
    public static Scenario Drawn(Scenario scenario, ulong seed) => seed % 4 != 3 ? scenario : scenario with
    {
        Pipelines = scenario.Pipelines.SetItem(1, scenario.Pipelines[1] with { Work = new Work.External("work") }),
    };

    /// <summary>One of them does something.</summary>
    public bool Act()
    {
        if (!random.PerMille(350))
        {
            return false;
        }

        var holding = _callers.FindAll(c => c.Holds);
        switch (random.Below(20))
        {
            case < 5 when holding.Count > 0:
                Process(random.Pick(holding));
                break;
            case < 9:
                Mark(Begin(AnyPipeline()));
                break;
            case < 11 when holding.Count > 0:
                MarkAgain(random.Pick(holding));
                break;
            case < 16:
                Create(_callers.Count > 0 && random.Half() ? random.Pick(_callers) : Begin(AnyPipeline()));
                break;
            case < 17 when holding.Count > 0:
                random.Pick(holding).Holds = false;
                break;
            case < 18:
                Approve();
                break;
            case < 19:
                Dismiss();
                break;
            default:
                ReleaseOne();
                break;
        }

        return true;
    }

    /// <summary>They begin nothing more, and what they have a person releases.</summary>
    public void ReleaseAll(Action comeToRest)
    {
        _isOver = true;
        for (var round = 0; round < MostRounds; round++)
        {
            var open = ledger.Dates.SelectMany(d => d.Value.Runs.Values.Where(r => r is { Kind: RunKind.External, Ended: null }).Select(r => (d.Key, r.Id))).ToList();
            if (open.Count == 0)
            {
                return;
            }

            open.ForEach(o => Release(o.Key, o.Id));
            comeToRest();
        }
    }

    private PipelineDefinition AnyPipeline() => random.Pick(scenario.Pipelines);

    private static LogicalDate Shifted(PipelineDefinition pipeline, int dates) => pipeline.Schedule.Shift(pipeline.Start, dates);

    private Caller Begin(PipelineDefinition pipeline)
    {
        var last = (int)pipeline.Schedule.Distance(pipeline.Start, pipeline.End!.Value);
        return Begin(new DateOf(pipeline.Name, Shifted(pipeline, random.Between(0, last))));
    }

    private Caller Begin(DateOf date)
    {
        var caller = new Caller(date, RunId.Parse($"external-{_callers.Count + 1}"));
        _callers.Add(caller);
        return caller;
    }

    private void Mark(Caller caller)
    {
        var number = caller.Try;
        client.Ask(ActorIds.Pipeline(caller.Date.Pipeline), id => new PipelineMessage.MarkAsProcessing(id, caller.Date.Date, caller.Run, number), reply =>
        {
            if (reply.Status == ReplyStatus.Ok && caller.Try == number)
            {
                caller.Holds = true;
                caller.Hold = DurableJson.Read<MarkAsProcessingReply>(reply.Body!).HoldNumber;
            }
        });
    }

    private void MarkAgain(Caller caller)
    {
        caller.Try += random.Between(0, 2);
        Mark(caller);
    }

    private void Process(Caller caller)
    {
        caller.Holds = false;
        client.Ask(
            ActorIds.Partition(caller.Date.Pipeline, caller.Date.Date), id => new PartitionMessage.MarkAsProcessed(id, caller.Run, caller.Hold), _ =>
            {
                if (!_isOver && random.Half())
                {
                    Create(caller);
                }
            });
    }

    private void Create(Caller caller)
    {
        caller.CreationTry += random.PerMille(400) ? 1 : 0;
        client.Ask(
            ActorIds.Pipeline(caller.Date.Pipeline), id => new PipelineMessage.CreateFromLate(id, caller.Date.Date, caller.Run, caller.CreationTry), reply =>
            {
                if (reply.Status == ReplyStatus.Ok && !_isOver)
                {
                    foreach (var claimed in DurableJson.Read<CreateFromLateReply>(reply.Body!).Partitions.Where(_ => random.PerMille(700)))
                    {
                        Mark(Begin(caller.Date with { Date = claimed.Date }));
                    }
                }
            });
    }

    private DateOf AnyDate()
    {
        var dates = ledger.Dates.Select(d => d.Key).OrderBy(d => d.ToString(), StringComparer.Ordinal).ToList();
        return dates.Count > 0 ? random.Pick(dates) : new DateOf(scenario.Pipelines[0].Name, scenario.Pipelines[0].Start);
    }

    private void Approve()
    {
        var date = AnyDate();
        client.Ask(ActorIds.Partition(date.Pipeline, date.Date), id => new PartitionMessage.Approve(id), heard: null);
    }

    private void Dismiss()
    {
        var date = AnyDate();
        client.Ask(ActorIds.Partition(date.Pipeline, date.Date), id => new PartitionMessage.Dismiss(id, "no matter"), heard: null);
    }

    private void ReleaseOne()
    {
        var lost = _callers.FindAll(c => !c.Holds);
        if (lost.Count > 0)
        {
            var caller = random.Pick(lost);
            Release(random.Half() ? caller.Date : caller.Date with { Date = AnyDate().Date }, caller.Run);
        }
    }

    private void Release(DateOf date, RunId run) =>
        client.Ask(ActorIds.Partition(date.Pipeline, date.Date), id => new PartitionMessage.Release(id, run, "it died"), heard: null);

    private sealed class Caller(DateOf date, RunId run)
    {
        public DateOf Date => date;

        public RunId Run => run;

        public int Try { get; set; } = 1;

        public int CreationTry { get; set; } = 1;

        public bool Holds { get; set; }

        public long Hold { get; set; }
    }
}

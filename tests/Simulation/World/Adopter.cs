using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>A person who begins with pipelines whose first dates were processed elsewhere: applies them paused, takes these dates over, perhaps in several attempts, and
/// lets the pipelines go on. They draw from a seed of their own.</summary>
internal sealed class Adopter(Scenario scenario, SimulatedWorld world, Client client, Ledger ledger, SeededRandom random)
{
    private const int MostTries = 8;

    private readonly Dictionary<PipelineName, int> _tries = [];

    /// <summary>Whether a seed has one, which none has that deletes: a table tells nobody which of its commits a pipeline made that was deleted.</summary>
    public static bool IsIn(ulong seed) => seed % 5 == 2 && !Deleter.IsIn(seed);

    /// <summary>Applies all pipelines, instead of somebody else.</summary>
    public void Begin()
    {
        foreach (var pipeline in scenario.Pipelines)
        {
            if (random.PerMille(700))
            {
                _tries[pipeline.Name] = MostTries;
                client.Ask(ActorIds.Pipeline(pipeline.Name), id => new PipelineMessage.Apply(id, pipeline, Paused: true), heard: null);
            }
            else
            {
                client.Apply(pipeline);
            }
        }
    }

    /// <summary>They do something.</summary>
    public bool Act()
    {
        var waiting = scenario.Pipelines.Where(p => _tries.ContainsKey(p.Name) && ledger.Pipeline(p.Name) is { Definition: not null, IsAdopting: false }).ToList();
        if (waiting.Count == 0 || !random.PerMille(400))
        {
            return false;
        }

        var pipeline = random.Pick(waiting);
        var isMore = ledger.Pipeline(pipeline.Name).AdoptedThrough is null || random.PerMille(300);
        if (isMore && _tries[pipeline.Name]-- > 0)
        {
            Adopt(pipeline);
        }
        else
        {
            _tries.Remove(pipeline.Name);
            client.Ask(ActorIds.Pipeline(pipeline.Name), id => new PipelineMessage.Unpause(id), heard: null);
        }

        return true;
    }

    private void Adopt(PipelineDefinition pipeline)
    {
        var through = AnyDate(pipeline);
        if (random.PerMille(200))
        {
            // A run that somebody tries stands in the way.
            client.Ask(ActorIds.Pipeline(pipeline.Name), id => new PipelineMessage.Trigger(id, AnyDate(pipeline)), heard: null);
        }

        var states = random.PerMille(300) && pipeline.Inputs.Length == 1 ? TablePath.Parse($"states_of_{pipeline.Name}") : (TablePath?)null;
        if (states is { } table)
        {
            world.Say(table, StatesOf(pipeline, through));
        }

        var versions = states is not null ? Pin.None : pipeline.Inputs.Aggregate(Pin.None, (pin, input) => pin.With(input.Table, new TablePin("", AnyVersion(input.Table))));
        client.Ask(
            ActorIds.Pipeline(pipeline.Name), id => new PipelineMessage.Adopt(id, states is null ? through : null, versions, states, random.PerMille(200)), heard: null);
    }

    private LogicalDate AnyDate(PipelineDefinition pipeline) =>
        pipeline.Schedule.Shift(pipeline.Start, random.Between(0, (int)pipeline.Schedule.Distance(pipeline.Start, pipeline.End!.Value)));

    /// <summary>Of most dates a version.</summary>
    private StateTableRead StatesOf(PipelineDefinition pipeline, LogicalDate through)
    {
        var versions = new DateRange(pipeline.Start, through).Dates(pipeline.Schedule).Where(_ => random.PerMille(800)).Select(d => (d, AnyVersion(pipeline.Primary.Table))).ToList();
        return versions.Count == 0
            ? new StateTableRead("It says of no partition that it was processed.", Versions: null)
            : new StateTableRead(Fault: null, AdoptedVersions.Of(versions, pipeline.Schedule));
    }

    /// <summary>One that is there, or now and then one that is not yet.</summary>
    private long AnyVersion(TablePath table) => random.Between(0, (int)world.Table(table).Newest + (random.PerMille(50) ? 1 : 0));
}

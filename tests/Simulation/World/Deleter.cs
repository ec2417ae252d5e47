using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>A person who deletes pipelines, and applies them again, at once or later. They draw from a seed of their own.</summary>
internal sealed class Deleter(Scenario scenario, Client client, Ledger ledger, SeededRandom random)
{
    private const int MostTries = 6;

    /// <summary>Whether a seed has one: the others are as they always were.</summary>
    public static bool IsIn(ulong seed) => seed % 3 == 0;

    /// <summary>They begin nothing more; what was deleted another applies.</summary>
    public bool IsOver { get; set; }

    /// <summary>They do something.</summary>
    public bool Act()
    {
        if (!random.PerMille(200))
        {
            return false;
        }

        var pipeline = random.Pick(scenario.Pipelines);
        if (ledger.Pipeline(pipeline.Name).Definition is null)
        {
            client.Apply(Scenario.Redraw(pipeline, random));
        }
        else
        {
            Delete(pipeline, MostTries);
        }

        return true;
    }

    private void Delete(PipelineDefinition pipeline, int tries)
    {
        var actor = ActorIds.Pipeline(pipeline.Name);
        client.Ask(actor, id => new PipelineMessage.Pause(id), heard: null);
        if (ledger.Pipeline(pipeline.Name).Backfill is { } backfill)
        {
            client.Ask(actor, id => new PipelineMessage.CancelBackfill(id, backfill.Number), heard: null);
        }

        foreach (var (date, run) in ledger.Dates.Where(d => d.Key.Pipeline == pipeline.Name).SelectMany(d => d.Value.Runs.Values.Select(r => (d.Key.Date, r))).Where(r => r.r.Ended is null).ToList())
        {
            if (run.Kind == RunKind.External)
            {
                client.Ask(ActorIds.Partition(pipeline.Name, date), id => new PartitionMessage.Release(id, run.Id, "it is deleted"), heard: null);
            }
            else if (run.HasSlot)
            {
                client.Ask(ActorIds.Partition(pipeline.Name, date), id => new PartitionMessage.CancelRun(id, run.Id), heard: null);
            }
        }

        client.Ask(actor, id => new PipelineMessage.Delete(id), reply => Hear(pipeline, reply, tries));
    }

    private void Hear(PipelineDefinition pipeline, StoredReply reply, int tries)
    {
        if (IsOver)
        {
            return;
        }

        if (reply.Status == ReplyStatus.Ok && random.PerMille(700))
        {
            client.Apply(Scenario.Redraw(pipeline, random));
        }
        else if (reply.Status == ReplyStatus.FailedPrecondition && tries > 1)
        {
            Delete(pipeline, tries - 1);
        }
        else if (reply.Status != ReplyStatus.Ok)
        {
            client.Ask(ActorIds.Pipeline(pipeline.Name), id => new PipelineMessage.Unpause(id), heard: null);
        }
    }
}

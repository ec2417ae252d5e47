using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Deleting: only what is idle is forgotten, and then all of it. What would leak into a pipeline of the same name, the other rules see: they have forgotten it too.</summary>
internal sealed class DeleteRule(Ledger ledger, StoreWatch watch, Findings findings) : Rule(findings)
{
    private const string Invariant = "deletion";

    private static readonly string[] OfPipelines =
    [
        Projections.Pipelines, Projections.Runs, Projections.Tries, Projections.Partitions, Projections.Late, Projections.Creations, Projections.Backfills,
    ];

    private readonly List<PipelineName> _deleted = [];

    public override void See(Fact fact)
    {
        if (fact is Fact.BatchOver)
        {
            _deleted.ForEach(CheckRows);
            _deleted.Clear();
        }
        else if (fact is Fact.Happened { Entry: MarkingEntry.TurnGiven or BackfillEntry.Begun } begun)
        {
            Expect(ledger.Pipeline(PipelineName.Parse(begun.Actor.Key)).Definition is not null, Invariant, $"{begun.Actor} begins something of a pipeline that was deleted");
        }
    }

    public override void AtRest(Rest rest)
    {
        var there = ledger.Pipelines.Select(p => p.Name.Value).ToHashSet(StringComparer.Ordinal);
        var strange = Rows().Where(r => !there.Contains(r.Pipeline)).Select(r => r.Text).ToList();
        Expect(strange.Count == 0, Invariant, $"there are rows of pipelines that are not: {string.Join(", ", strange)}");
    }

    public override void Forget(DateOf date)
    {
        var known = ledger.Date(date);
        Expect(known.Work is null, Invariant, $"{date} was forgotten while {known.Work?.Run} worked on it");
        var active = known.Runs.Values.FirstOrDefault(r => r.HasSlot || r is { Kind: RunKind.External, Ended: null });
        Expect(active is null, Invariant, $"{date} was forgotten while {active?.Id} was active");
    }

    public override void Forget(PipelineName pipeline)
    {
        var left = ledger.Dates.Select(d => d.Key).Where(d => d.Pipeline == pipeline).ToList();
        Expect(left.Count == 0, Invariant, $"{pipeline} was deleted, but {string.Join(", ", left)} have not forgotten it");
        _deleted.Add(pipeline);
    }

    private IEnumerable<(string Pipeline, string Text)> Rows() =>
        watch.Rows.Keys.Where(r => OfPipelines.Contains(r.Projection) && !watch.Kept.IsRetired(r)).Select(r => (r.Key.Split('/')[0], $"{r.Projection} {r.Key}"));

    private void CheckRows(PipelineName pipeline)
    {
        var left = Rows().Where(r => r.Pipeline == pipeline.Value).Select(r => r.Text).ToList();
        Expect(left.Count == 0, Invariant, $"{pipeline} was deleted, but there are {string.Join(", ", left)}");
    }
}

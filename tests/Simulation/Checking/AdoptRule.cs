using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Taking over what was processed elsewhere: all of the dates or none, only such as have no run, at the versions that were said; and the schedule makes no run of them.</summary>
internal sealed class AdoptRule(Ledger ledger, SimulatedWorld world, Findings findings) : Rule(findings)
{
    private const string Invariant = "adoption";

    private readonly Dictionary<PipelineName, Adoption> _current = [];
    private readonly Dictionary<PipelineName, Dictionary<LogicalDate, Pin>> _told = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PipelineEntry entry } happened:
                SeePipeline(PipelineName.Parse(happened.Actor.Key), entry);
                break;
            case Fact.Happened { Entry: PartitionEntry.Adopted adopted } happened:
                SeeAdopted(DateOf.Actor(happened.Actor), adopted.Pin);
                break;
            case Fact.Happened { Entry: PartitionEntry.RunCreated { Kind: RunKind.Scheduled } created } happened:
                var date = DateOf.Actor(happened.Actor);
                var through = ledger.Pipeline(date.Pipeline).AdoptedThrough;
                Expect(!(through >= date.Date), Invariant, $"{created.Run} of {date} was made, though what is up to {through} was taken over");
                break;
        }
    }

    private void SeePipeline(PipelineName pipeline, PipelineEntry entry)
    {
        switch (entry)
        {
            case PipelineEntry.AdoptionBegun begun:
                (_current[pipeline], _told[pipeline]) = (begun.Adoption, []);
                break;
            case PipelineEntry.AdoptionRead read:
                _current[pipeline] = _current[pipeline] with { Versions = read.Versions };
                break;
            case PipelineEntry.AdoptionOver over:
                End(pipeline, over);
                break;
        }
    }

    private void SeeAdopted(DateOf date, Pin pin)
    {
        Expect(_current.TryGetValue(date.Pipeline, out var adoption) && !adoption.DryRun, Invariant, $"{date} was taken over at {pin}, and nobody asked for it");
        Expect(ledger.Date(date).Runs.Count == 0, Invariant, $"{date} was taken over, though it has the run {ledger.Date(date).Runs.Keys.FirstOrDefault()}");
        if (_told.TryGetValue(date.Pipeline, out var told))
        {
            told[date.Date] = pin;
        }
    }

    private void End(PipelineName pipeline, PipelineEntry.AdoptionOver over)
    {
        if (!_current.Remove(pipeline, out var adoption))
        {
            Expect(holds: false, Invariant, $"the adoption {over.Number} of {pipeline} ended, but none was under way");
            return;
        }

        var told = _told[pipeline];
        if (over.Through is not { } through)
        {
            Expect(told.Count == 0, Invariant, $"{pipeline} took nothing over, but {string.Join(", ", told.Keys)}");
            return;
        }

        var definition = ledger.Pipeline(pipeline).Definition!;
        foreach (var (date, pin) in Said(adoption, definition, through))
        {
            var processed = ledger.Date(new DateOf(pipeline, date)).Processed;
            Expect(pin == processed, Invariant, $"{pipeline}/{date} was said to be processed at {pin}, and counts as processed at {processed}");
            Expect(told.GetValueOrDefault(date, pin) == pin, Invariant, $"{pipeline}/{date} was taken over at {told.GetValueOrDefault(date)}, not at {pin}");
            told.Remove(date);
        }

        Expect(told.Count == 0, Invariant, $"{pipeline} took over {string.Join(", ", told.Keys)}, of which nobody said anything");
    }

    private IEnumerable<(LogicalDate Date, Pin Pin)> Said(Adoption adoption, PipelineDefinition definition, LogicalDate through) => adoption.Versions is { } versions
        ? versions.Dates(definition.Schedule).Select(v => (v.Date, Pin.None.With(definition.Primary.Table, new TablePin(world.Table(definition.Primary.Table).Id, v.Version))))
        : new DateRange(definition.Start, through).Dates(definition.Schedule).Select(d => (d, adoption.Pin.Tables.Aggregate(Pin.None, (pin, t) => pin.With(t.Key, t.Value with { TableId = world.Table(t.Key).Id }))));
}

using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 2: the last processed pin is the one taken last before the work that succeeded; and a pin is what was newest when it was asked for.</summary>
internal sealed class PinRule(Ledger ledger, SimulatedWorld world, Findings findings) : Rule(findings)
{
    private const string Invariant = "2 (what was pinned is what was processed)";

    private readonly Dictionary<(DateOf, RunId, TablePath), long> _newestWhenAsked = [];
    private readonly Dictionary<(DateOf, RunId), (Pin Pin, bool SensorWaited)> _atStart = [];

    public override void See(Fact fact)
    {
        if (fact is Fact.Happened { Entry: PartitionEntry entry } happened)
        {
            SeeEntry(DateOf.Actor(happened.Actor), entry);
        }
        else if (fact is Fact.Started { Input: RunWork work })
        {
            var (pin, sensorWaited) = _atStart[(new DateOf(work.Definition.Name, work.Date), work.Run)];
            Expect(work.Pin == pin, Invariant, $"{work.Run} works on {work.Pin}, but has pinned {pin}");
            Expect(work.Definition.Inputs.All(i => pin.Tables.ContainsKey(i.Table)), Invariant, $"{work.Run} works on {pin}, which lacks an input");
            Expect(!sensorWaited, Invariant, $"the sensor of {work.Run} had to wait, but the run did not pin anew");
        }
    }

    public override void Forget(DateOf date)
    {
        Drop(_newestWhenAsked, k => k.Item1 == date);
        Drop(_atStart, k => k.Item1 == date);
    }

    private void SeeEntry(DateOf date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.PinBegun begun:
                foreach (var table in begun.Tables)
                {
                    _newestWhenAsked[(date, begun.Run, table)] = world.Table(table).Settled;
                }

                break;
            case PartitionEntry.PinTaken taken:
                var asked = _newestWhenAsked[(date, taken.Run, taken.Table)];
                Expect(taken.Pin.Version >= asked && taken.Pin.Version <= world.Table(taken.Table).Newest && taken.Pin.TableId == world.Table(taken.Table).Id,
                    Invariant, $"{taken.Run} of {date} pinned {taken.Table}@{taken.Pin.Version}, but {asked} was the newest when it asked");
                break;
            case PartitionEntry.TaskStarted { Task: TaskKind.Work } started:
                var run = ledger.Date(date).Runs[started.Run];
                _atStart[(date, started.Run)] = (run.Pin, run.SensorWaited);
                break;
            case PartitionEntry.TaskEnded { Task: TaskKind.Work, State: TaskState.Success } ended when ledger.Date(date).Runs[ended.Run].Kind != RunKind.External:
                Expect(ledger.Date(date).Runs[ended.Run].CompletedWork is not null, Invariant, $"the work of {ended.Run} of {date} succeeded, but none has completed");
                break;
            case PartitionEntry.TaskEnded { Task: TaskKind.Sensor, State: TaskState.Success } ended:
                CheckSensor(date, ended.Run);
                break;
            case PartitionEntry.Processed processed:
                CheckProcessed(date, processed);
                break;
        }
    }

    private void CheckProcessed(DateOf date, PartitionEntry.Processed processed)
    {
        if (ledger.Date(date).Runs[processed.Run] is { Kind: RunKind.External } external)
        {
            var (pin, _) = _atStart[(date, processed.Run)];
            Expect(processed.Pin == pin && pin == external.Pin, Invariant, $"{date} is processed at {processed.Pin}, but {processed.Run} was told {pin}");
            return;
        }

        var work = ledger.Date(date).Runs[processed.Run].CompletedWork;
        Expect(work is not null, Invariant, $"{processed.Run} of {date} is processed, but no work of it has completed");
        if (work is not null)
        {
            Expect(work.Pin == processed.Pin, Invariant, $"{date} is processed at {processed.Pin}, but {processed.Run} worked on {work.Pin}");
        }

        if (work?.Definition.Work is Work.BuiltIn builtIn)
        {
            var written = world.Output(builtIn.Output).LastOf(date.Pipeline, date.Date);
            Expect(written is not null && written.HoldNumber == work.HoldNumber && written.Pin == processed.Pin, Invariant,
                $"{date} is processed by {processed.Run} under hold {work.HoldNumber} at {processed.Pin}, but the output has {written?.Run}, hold {written?.HoldNumber} at {written?.Pin}");
        }
    }

    private void CheckSensor(DateOf date, RunId run)
    {
        var definition = ledger.Pipeline(date.Pipeline).Definition!;
        var next = definition.Schedule.Shift(date.Date, 1);
        var primary = definition.Inputs[0];
        Expect(world.Table(primary.Table).EverHeldData(SimulatedTable.Values(primary.Column, primary.ValueOf(next))),
            "sensor", $"the sensor of {run} of {date} found data in {primary.Table}, {primary.PartitionOf(next)}, where there never was any");
    }
}

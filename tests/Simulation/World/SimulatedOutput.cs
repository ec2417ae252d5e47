using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>What works have written, as a table keeps it: the number of the hold that each partition was last written under, so that a lower one is refused.</summary>
internal sealed class SimulatedOutput(SimulatedTable table, TimeProvider time)
{
    private readonly Dictionary<(PipelineName, LogicalDate), RunWork> _last = [];

    /// <summary>The work whose write was accepted last.</summary>
    public RunWork? LastOf(PipelineName pipeline, LogicalDate date) => _last.GetValueOrDefault((pipeline, date));

    /// <summary>Overwrites the partition of the work's date. False if a work of a later hold has written it. A work that has written under this hold
    /// already changes nothing.</summary>
    public bool Write(RunWork work)
    {
        var key = (work.Definition.Name, work.Date);
        if (_last.TryGetValue(key, out var last) && last.HoldNumber >= work.HoldNumber)
        {
            return last.HoldNumber == work.HoldNumber;
        }

        _last[key] = work;
        var primary = work.Definition.Primary;
        var values = SimulatedTable.Values(primary.Column, primary.ValueOf(work.Date));
        var removed = table.FilesOf(values);
        table.Append(time.GetUtcNow(), work.Definition.Name, work.Run, new PartitionSeen(values, 1, removed, 7, 700, DataChange: true));
        return true;
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Runs a built-in: reads the partitions of the input that a run is for, as of its pin, and makes what comes of them all that the date's partition of
/// the output holds. Guarantees one commit per hold, however often and however much at once it is tried, and none under a hold that another one has followed.</summary>
internal sealed class BuiltInRun(DatasetFolder dataset, BuiltInWorks works, TimeProvider time, Func<Guid> newId)
{
    /// <summary>The tag of a commit that says under which hold it was made.</summary>
    internal const string HoldNumberTag = "latecomer.holdNumber";

    /// <summary>A commit yields to one that changed the table's definition; then all is done again on what the table is now.</summary>
    private const int MostTries = 5;

    /// <summary>Kept, because they remember how far they have read the log that each run adds to.</summary>
    private readonly ConcurrentDictionary<TablePath, DeltaWriter> _outputs = [];

    /// <summary>Does the work.</summary>
    /// <exception cref="ActivityFailedException">It failed, with a sentence for people.</exception>
    internal async Task<WorkReport> Run(RunWork run, Work.BuiltIn builtIn, CancellationToken stop)
    {
        var work = works.Find(builtIn.Name) ?? throw new ActivityFailedException(works.Unknown(builtIn.Name));
        var input = run.Definition.Primary;
        var table = await ReadPinned(run, input, stop);
        if (BuiltInOutput.Fault(work, input.Table, table) is { } fault)
        {
            throw new ActivityFailedException(fault);
        }

        var partition = PartitionValues.Of(input.Column, input.ValueOf(run.Date));
        var writer = _outputs.GetOrAdd(builtIn.Output, output => DeltaWriter.At(dataset.FolderOf(output), time, newId));
        CommitResult result;
        var tries = 0;
        do
        {
            var rows = work.Run(Rows(run, work, table, stop), stop);
            result = await writer.OverwritePartition(BuiltInOutput.Definition(work, input, table), partition, rows, OriginOf(run, input), stop);
            tries++;
        }
        while (result is CommitResult.Conflict && tries < MostTries);

        return result switch
        {
            CommitResult.Committed committed => new WorkReport($"wrote {partition} as version {committed.Version} of {builtIn.Output}"),
            CommitResult.AlreadyCommitted there => new WorkReport($"had written {partition} as version {there.Version} of {builtIn.Output}"),
            CommitResult.Superseded by => throw new ActivityFailedException(
                $"A later run holds {partition}: version {by.Version} of {builtIn.Output} was written under hold {by.ByTransactionVersion}, and this is hold {run.HoldNumber}. Nothing was written."),
            CommitResult.Conflict conflict => throw new ActivityFailedException($"Other writers got in the way {tries} times: {conflict.Reason}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Snapshot> ReadPinned(RunWork run, PipelineInput input, CancellationToken stop)
    {
        if (!run.Pin.Tables.TryGetValue(input.Table, out var pin))
        {
            throw new ActivityFailedException($"The run has no pin of {input.Table}: clear its mark to pin anew.");
        }

        var table = await DeltaTable.At(dataset.FolderOf(input.Table), time, newId).ReadSnapshot(pin.Version, stop);
        return table.TableId == pin.TableId
            ? table
            : throw new ActivityFailedException(
                $"{input.Table} was recreated: the run pinned version {pin.Version} of table {pin.TableId}, and now table {table.TableId} lies there. Clear the run's mark to pin anew.");
    }

    /// <summary>The rows of all partitions that the run's window covers, by the values that the column's format reads as one of its dates.</summary>
    private async IAsyncEnumerable<ColumnBatch> Rows(RunWork run, IBuiltInWork work, Snapshot table, [EnumeratorCancellation] CancellationToken stop)
    {
        var (input, schedule) = (run.Definition.Primary, run.Definition.Schedule);
        var (from, to) = (schedule.Shift(run.Date, input.From), schedule.Shift(run.Date, input.To));
        var reader = DeltaReader.At(dataset.FolderOf(input.Table));
        string[] columns = [.. work.Reads.Select(c => c.Name)];
        var physical = table.Mapping.PhysicalNameOf(input.Column);
        var partitions = table.Partitions.Keys.Where(p =>
            p.TryGetValue(physical, out var value) && input.DateOf(value) is { } date && from <= date && date <= to);
        foreach (var partition in partitions.Order(PartitionOrder.Instance))
        {
            await foreach (var batch in reader.ReadFiles(table, partition, columns, stop))
            {
                yield return batch;
            }
        }
    }

    private CommitOrigin OriginOf(RunWork run, PipelineInput input)
    {
        var (pipeline, hold) = (run.Definition.Name.Value, run.HoldNumber);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();

        // The fence is the partition's, over all its runs; the run's own txn says to any reader of the table whose commit this is.
        var fence = new SetTransaction($"latecomer/{pipeline}/{input.PartitionOf(run.Date)}", hold, now);
        var origin = CommitOrigin.OfRun(pipeline, run.Run.Value, fence);
        return origin with
        {
            Marks = [new SetTransaction(run.Run.Value, hold, now)],
            Tags = new Dictionary<string, string?>(origin.Tags!, StringComparer.Ordinal) { [HoldNumberTag] = hold.ToString() },
        };
    }
}

using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Wire = Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary>Partitions and tables, from rows to the API.</summary>
internal static class PartitionMapping
{
    /// <summary>A partition.</summary>
    public static Wire.Partition ToWire(this PartitionRow row)
    {
        var partition = new Wire.Partition
        {
            Pipeline = row.Pipeline.Value,
            LogicalDate = row.Date.ToString(),
            Late = row.Late,
            LastProcessedBy = row.LastProcessedBy?.Value ?? "",
            HeldBy = row.HeldBy?.Value ?? "",
            ClaimId = row.ClaimId ?? "",
            FailedClaims = row.FailedClaims,
            HoldNumber = row.HoldNumber,
            NeedsApproval = row.NeedsApproval,
        };
        if (row.LastProcessed is { } pin)
        {
            partition.LastProcessed.AddRange(RunMapping.ToWire(pin));
        }

        partition.Inputs.AddRange(row.Inputs.Select(i => new Wire.PartitionInput
        {
            Table = i.Key.Value,
            ActiveFiles = i.Value.ActiveFiles,
            ChangeVersion = i.Value.LastChange?.Version ?? 0,
            ChangeTime = i.Value.LastChange?.At.ToTimestamp(),
            RowsSinceProcessed = i.Value.RowsSinceProcessed,
        }));
        return partition;
    }

    /// <summary>A commit of a watched table, or a part of one.</summary>
    public static Wire.TableCommit ToWire(this CommitRow row) => new()
    {
        Table = row.Table.Value,
        Version = row.Version,
        CommitTime = row.At.ToTimestamp(),
        Pipeline = row.Pipeline?.Value ?? "",
        RunId = row.Run?.Value ?? "",
        Partitions = row.Partitions,
        NowherePartitions = row.Nowhere,
        FilesAdded = row.FilesAdded,
        FilesRemoved = row.FilesRemoved,
        Rows = row.Rows,
        Bytes = row.Bytes,
        DataChange = row.DataChange,
    };

    /// <summary>A watched table.</summary>
    public static Wire.Table ToWire(this TableRow row)
    {
        var table = new Wire.Table
        {
            Table_ = row.Table.Value,
            TableId = row.TableId ?? "",
            Version = row.Version,
            Problem = row.Problem?.Message ?? "",
            ProblemClass = row.Problem?.Class ?? "",
        };
        table.Pipelines.AddRange(row.Pipelines.Select(p => p.Value));
        return table;
    }
}

using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The rows of a checkpoint that are tombstones, which only the next checkpoint needs.</summary>
internal static class CheckpointTombstoneRows
{
    /// <summary>Takes the tombstones over; null where nobody needs them.</summary>
    internal static void Apply(ColumnBatch batch, Action<RemoveFile>? take)
    {
        if (take is null || batch.Field("remove", "path") is not BinaryColumn paths)
        {
            return;
        }

        for (var row = 0; row < batch.RowCount; row++)
        {
            if (paths.GetString(row) is { } path)
            {
                take(Remove(path, batch, row));
            }
        }
    }

    private static RemoveFile Remove(string path, ColumnBatch batch, int row) => new()
    {
        Path = path,
        DeletionTimestamp = batch.Field("remove", "deletionTimestamp").Number(row),
        DataChange = batch.Field("remove", "dataChange").Flag(row) ?? true,
        PartitionValues = batch.Field("remove", "partitionValues").Map(row) is { } values ? PartitionValues.Of(values) : null,
        Size = batch.Field("remove", "size").Number(row),
        DeletionVector = CheckpointFileRows.Vector(batch.Field("remove", "deletionVector"), row),
        BaseRowId = batch.Field("remove", "baseRowId").Number(row),
        DefaultRowCommitVersion = batch.Field("remove", "defaultRowCommitVersion").Number(row),
    };
}

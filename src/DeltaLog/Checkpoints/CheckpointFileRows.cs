using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The rows of a checkpoint that are active files.</summary>
internal sealed class CheckpointFileRows(ActionDetail detail)
{
    private readonly PartitionValuesPool _partitions = new();

    internal void Apply(ColumnBatch batch, Action<AddFile> take)
    {
        if (batch.Field("add", "path") is not BinaryColumn paths)
        {
            return;
        }

        var columns = new Columns(batch);
        for (var row = 0; row < batch.RowCount; row++)
        {
            if (!paths.IsNull(row))
            {
                take(Add(paths.GetString(row)!, columns, row));
            }
        }
    }

    private AddFile Add(string path, Columns columns, int row) => new()
    {
        Path = path,
        PartitionValues = _partitions.Get(columns.PartitionValues, row),
        Size = columns.Size.Number(row),
        ModificationTime = columns.ModificationTime.Number(row),
        NumRecords = NumRecords(columns, row),
        Stats = detail >= ActionDetail.Full ? columns.Stats.Text(row) : null,
        Tags = detail >= ActionDetail.Full ? columns.Tags.Map(row) : null,
        DeletionVector = Vector(columns.Vector, row),
        BaseRowId = columns.BaseRowId.Number(row),
        DefaultRowCommitVersion = columns.DefaultRowCommitVersion.Number(row),
        ClusteringProvider = columns.ClusteringProvider.Text(row),
    };

    private static long? NumRecords(Columns columns, int row) =>
        (columns.Stats is BinaryColumn stats && !stats.IsNull(row) ? Statistics.NumRecords(stats.GetBytes(row)) : null) ?? columns.NumRecords.Number(row);

    internal static DeletionVector? Vector(ColumnData? column, int row)
    {
        if (column is not StructColumn vector || vector.Find("storageType").Text(row) is not { } storageType)
        {
            return null;
        }

        return new DeletionVector(
            storageType,
            vector.Find("pathOrInlineDv").Text(row) ?? throw new InvalidDataException("a deletion vector lacks its path"),
            vector.Find("offset").Int(row),
            vector.Find("sizeInBytes").Int(row) ?? 0,
            vector.Find("cardinality").Number(row) ?? 0);
    }

    private readonly struct Columns(ColumnBatch batch)
    {
        internal ColumnData? PartitionValues { get; } = batch.Field("add", "partitionValues");

        internal ColumnData? Size { get; } = batch.Field("add", "size");

        internal ColumnData? ModificationTime { get; } = batch.Field("add", "modificationTime");

        internal ColumnData? Stats { get; } = batch.Field("add", "stats");

        internal ColumnData? NumRecords { get; } = batch.Field("add", "stats_parsed").Field("numRecords");

        internal ColumnData? Vector { get; } = batch.Field("add", "deletionVector");

        internal ColumnData? BaseRowId { get; } = batch.Field("add", "baseRowId");

        internal ColumnData? DefaultRowCommitVersion { get; } = batch.Field("add", "defaultRowCommitVersion");

        internal ColumnData? ClusteringProvider { get; } = batch.Field("add", "clusteringProvider");

        internal ColumnData? Tags { get; } = batch.Field("add", "tags");
    }
}

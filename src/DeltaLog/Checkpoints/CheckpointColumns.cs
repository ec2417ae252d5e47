using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Which columns of a checkpoint are read, of those that it has.</summary>
internal static class CheckpointColumns
{
    private static readonly ColumnPath[] Definition =
    [
        .. Under("protocol", "minReaderVersion", "minWriterVersion", "readerFeatures", "writerFeatures"),
        .. Under("metaData", "id", "name", "description", "schemaString", "partitionColumns", "configuration", "createdTime"),
        ColumnPath.Of("metaData", "format", "provider"),
        ColumnPath.Of("metaData", "format", "options"),
    ];

    private static readonly ColumnPath[] Applications =
    [
        .. Under("txn", "appId", "version", "lastUpdated"),
        .. Under("domainMetadata", "domain", "configuration", "removed"),
        ColumnPath.Of("sidecar", "path"),
    ];

    private static readonly ColumnPath[] Files =
    [
        .. Under("add", "path", "partitionValues", "size", "modificationTime", "stats", "deletionVector", "baseRowId", "defaultRowCommitVersion", "clusteringProvider"),
        ColumnPath.Of("add", "stats_parsed", "numRecords"),
    ];

    private static readonly ColumnPath Tags = ColumnPath.Of("add", "tags");

    private static readonly ColumnPath[] Tombstones =
    [
        .. Under("remove", "path", "deletionTimestamp", "dataChange", "partitionValues", "size", "deletionVector", "baseRowId", "defaultRowCommitVersion"),
    ];

    /// <summary>The paths to read.</summary>
    internal static IReadOnlyList<ColumnPath> Wanted(ParquetSchema schema, ActionDetail detail, bool isSidecar)
    {
        IEnumerable<ColumnPath> wanted = isSidecar ? [] : [.. Definition, .. Applications];
        wanted = detail == ActionDetail.Definition ? wanted : wanted.Concat(Files);
        wanted = detail >= ActionDetail.Full ? wanted.Append(Tags) : wanted;
        wanted = detail == ActionDetail.Tombstones ? wanted.Concat(Tombstones) : wanted;
        return [.. wanted.Where(path => schema.Find(path) is not null)];
    }

    private static IEnumerable<ColumnPath> Under(string action, params string[] fields) => fields.Select(field => ColumnPath.Of(action, field));
}

using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The columns of the checkpoints that this build writes (PROTOCOL.md, "Checkpoint Schema"): one row for each action, in the column of its kind.
/// Statistics stay JSON text; of a table that does not want it, the count of rows is kept. Parsed partition values are optional, and left out.</summary>
internal sealed class CheckpointSchema
{
    private static readonly CheckpointColumn<object> Transactions = CheckpointColumn.Group<object, SetTransaction>(
        "txn",
        action => action as SetTransaction,
        CheckpointColumn.Text<SetTransaction>("appId", txn => txn.AppId),
        CheckpointColumn.Long<SetTransaction>("version", txn => txn.Version),
        CheckpointColumn.Long<SetTransaction>("lastUpdated", txn => txn.LastUpdated));

    private static readonly CheckpointColumn<object> Removes = CheckpointColumn.Group<object, RemoveFile>(
        "remove",
        action => action as RemoveFile,
        CheckpointColumn.Text<RemoveFile>("path", remove => remove.Path),
        CheckpointColumn.Long<RemoveFile>("deletionTimestamp", remove => remove.DeletionTimestamp),
        CheckpointColumn.Flag<RemoveFile>("dataChange", _ => false),
        CheckpointColumn.Flag<RemoveFile>("extendedFileMetadata", remove => remove.PartitionValues is not null),
        CheckpointColumn.Map<RemoveFile>("partitionValues", remove => remove.PartitionValues?.Raw),
        CheckpointColumn.Long<RemoveFile>("size", remove => remove.Size),
        Vector<RemoveFile>(remove => remove.DeletionVector),
        CheckpointColumn.Long<RemoveFile>("baseRowId", remove => remove.BaseRowId),
        CheckpointColumn.Long<RemoveFile>("defaultRowCommitVersion", remove => remove.DefaultRowCommitVersion));

    private static readonly CheckpointColumn<object> Metadatas = CheckpointColumn.Group<object, Metadata>(
        "metaData",
        action => action as Metadata,
        CheckpointColumn.Text<Metadata>("id", metadata => metadata.Id),
        CheckpointColumn.Text<Metadata>("name", metadata => metadata.Name),
        CheckpointColumn.Text<Metadata>("description", metadata => metadata.Description),
        CheckpointColumn.Group<Metadata, Metadata>(
            "format",
            metadata => metadata,
            CheckpointColumn.Text<Metadata>("provider", metadata => metadata.FormatProvider),
            CheckpointColumn.Map<Metadata>("options", metadata => metadata.FormatOptions)),
        CheckpointColumn.Text<Metadata>("schemaString", metadata => metadata.SchemaString),
        CheckpointColumn.Texts<Metadata>("partitionColumns", metadata => metadata.PartitionColumns),
        CheckpointColumn.Map<Metadata>("configuration", metadata => metadata.Configuration),
        CheckpointColumn.Long<Metadata>("createdTime", metadata => metadata.CreatedTime));

    private static readonly CheckpointColumn<object> Protocols = CheckpointColumn.Group<object, Protocol>(
        "protocol",
        action => action as Protocol,
        CheckpointColumn.Int<Protocol>("minReaderVersion", protocol => protocol.MinReaderVersion),
        CheckpointColumn.Int<Protocol>("minWriterVersion", protocol => protocol.MinWriterVersion),
        CheckpointColumn.Texts<Protocol>("readerFeatures", protocol => protocol.ReaderFeatures),
        CheckpointColumn.Texts<Protocol>("writerFeatures", protocol => protocol.WriterFeatures));

    private static readonly CheckpointColumn<object> Domains = CheckpointColumn.Group<object, DomainMetadata>(
        "domainMetadata",
        action => action as DomainMetadata,
        CheckpointColumn.Text<DomainMetadata>("domain", domain => domain.Domain),
        CheckpointColumn.Text<DomainMetadata>("configuration", domain => domain.Configuration),
        CheckpointColumn.Flag<DomainMetadata>("removed", domain => domain.Removed));

    private static readonly CheckpointColumn<object> Versions = CheckpointColumn.Group<object, CheckpointMetadata>(
        "checkpointMetadata",
        action => action as CheckpointMetadata,
        CheckpointColumn.Long<CheckpointMetadata>("version", metadata => metadata.Version));

    private static readonly CheckpointColumn<AddFile> Rows = CheckpointColumn.Long<AddFile>("numRecords", add => add.NumRecords);

    private readonly CheckpointColumn<object>[] _columns;

    internal CheckpointSchema(bool hasStats, bool isV2)
    {
        IEnumerable<CheckpointColumn<object>> columns = [Transactions, Adds(hasStats), Removes, Metadatas, Protocols, Domains];
        _columns = [.. isV2 ? columns.Append(Versions) : columns];
        Columns = new ParquetSchema([.. _columns.Select(column => column.Column)]);
    }

    /// <summary>As they are stored.</summary>
    internal ParquetSchema Columns { get; }

    /// <summary>Actions as rows.</summary>
    internal ColumnBatch Batch(object[] actions) => new(Columns, [.. _columns.Select(column => column.Data(actions))]);

    private static CheckpointColumn<object> Adds(bool hasStats) => CheckpointColumn.Group<object, AddFile>(
        "add",
        action => action as AddFile,
        [
            CheckpointColumn.Text<AddFile>("path", add => add.Path),
            CheckpointColumn.Map<AddFile>("partitionValues", add => add.PartitionValues.Raw),
            CheckpointColumn.Long<AddFile>("size", add => add.Size),
            CheckpointColumn.Long<AddFile>("modificationTime", add => add.ModificationTime),
            CheckpointColumn.Flag<AddFile>("dataChange", _ => false),
            CheckpointColumn.Map<AddFile>("tags", add => add.Tags),
            hasStats ? CheckpointColumn.Text<AddFile>("stats", Stats) : CheckpointColumn.Group<AddFile, AddFile>("stats_parsed", Counted, Rows),
            Vector<AddFile>(add => add.DeletionVector),
            CheckpointColumn.Long<AddFile>("baseRowId", add => add.BaseRowId),
            CheckpointColumn.Long<AddFile>("defaultRowCommitVersion", add => add.DefaultRowCommitVersion),
            CheckpointColumn.Text<AddFile>("clusteringProvider", add => add.ClusteringProvider),
        ]);

    private static string? Stats(AddFile add) => Statistics.Telling(add.Stats, add.NumRecords);

    private static AddFile? Counted(AddFile add) => add.NumRecords is null ? null : add;

    private static CheckpointColumn<T> Vector<T>(Func<T, DeletionVector?> vector)
        where T : class => CheckpointColumn.Group<T, DeletionVector>(
        "deletionVector",
        vector,
        CheckpointColumn.Text<DeletionVector>("storageType", found => found.StorageType),
        CheckpointColumn.Text<DeletionVector>("pathOrInlineDv", found => found.PathOrInlineDv),
        CheckpointColumn.Int<DeletionVector>("offset", found => found.Offset),
        CheckpointColumn.Int<DeletionVector>("sizeInBytes", found => found.SizeInBytes),
        CheckpointColumn.Long<DeletionVector>("cardinality", found => found.Cardinality));
}

/// <summary>The row by which a checkpoint says that it is one of V2, and of which version (PROTOCOL.md, "Checkpoint Metadata").</summary>
internal sealed record CheckpointMetadata(long Version);

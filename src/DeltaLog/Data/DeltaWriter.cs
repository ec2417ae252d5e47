using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Writes rows into a partition of a table: the data file first, durably, then the commit that makes it part of the table. A table that does not
/// exist is created by its first rows, as version 0. A crash in between leaves a file that no commit names, and nothing else.</summary>
public sealed class DeltaWriter
{
    // Readers take dates and timestamps for proleptic Gregorian, as ours are, when they see a Spark version of 3 or later.
    private const string SparkVersionKey = "org.apache.spark.version";
    private const string SparkVersion = "3.5.0";
    private const string SparkSchemaKey = "org.apache.spark.sql.parquet.row.metadata";

    private readonly DeltaTable _table;
    private readonly IDataFileStore _files;
    private readonly TimeProvider _time;
    private readonly Func<Guid> _newId;

    /// <summary>Creates a writer; <paramref name="newId"/> names files and new tables.</summary>
    public DeltaWriter(DeltaTable table, IDataFileStore files, TimeProvider time, Func<Guid> newId)
    {
        _table = table;
        _files = files;
        _time = time;
        _newId = newId;
    }

    /// <summary>Opens the table in a local folder for writing.</summary>
    public static DeltaWriter At(string folder, TimeProvider? time = null, Func<Guid>? newId = null) =>
        new(DeltaTable.At(folder, time, newId), new LocalDataFileStore(folder), time ?? TimeProvider.System, newId ?? Guid.NewGuid);

    /// <summary>Adds rows to a partition. The batches hold the columns of <paramref name="definition"/> but for the partition columns, in its order; they are disposed of.</summary>
    /// <exception cref="DeltaException">The table cannot be written, or the rows do not fit it.</exception>
    public ValueTask<CommitResult> AppendRows(
        TableDefinition definition,
        PartitionValues partition,
        IAsyncEnumerable<ColumnBatch> rows,
        CommitOrigin origin,
        CancellationToken cancellation = default) =>
        Write(definition, partition, rows, origin, isOverwrite: false, cancellation);

    /// <summary>Makes rows all that a partition holds. The batches are as in <see cref="AppendRows"/>; without rows, the partition is emptied.</summary>
    /// <exception cref="DeltaException">The table cannot be written, or the rows do not fit it.</exception>
    public ValueTask<CommitResult> OverwritePartition(
        TableDefinition definition,
        PartitionValues partition,
        IAsyncEnumerable<ColumnBatch> rows,
        CommitOrigin origin,
        CancellationToken cancellation = default) =>
        Write(definition, partition, rows, origin, isOverwrite: true, cancellation);

    private async ValueTask<CommitResult> Write(
        TableDefinition definition,
        PartitionValues partition,
        IAsyncEnumerable<ColumnBatch> rows,
        CommitOrigin origin,
        bool isOverwrite,
        CancellationToken cancellation)
    {
        var read = await _table.TryReadSnapshot(cancellation);
        if (read is not null)
        {
            definition.RequireFits(read);
            if (CommitWriter.Fenced(read, origin.Transaction) is { } fenced)
            {
                return fenced;
            }
        }

        var path = DataFilePath.Of(partition, definition.PartitionColumns, _newId());
        var added = await WriteFile(path, definition, partition, rows, cancellation) is { } file ? [file] : Array.Empty<AddFile>();
        var result = read is null ? await Create(definition, added, origin, cancellation) : null;
        result ??= isOverwrite
            ? await _table.OverwritePartition(partition, added, origin, cancellation)
            : await _table.Append(added, origin, cancellation);
        if (result is not CommitResult.Committed && added.Length > 0)
        {
            await _files.Delete(path, cancellation);
        }

        return result;
    }

    /// <summary>Creates the table with its first file; null when another writer was faster and the rows fit what it made.</summary>
    private async ValueTask<CommitResult?> Create(TableDefinition definition, IReadOnlyList<AddFile> added, CommitOrigin origin, CancellationToken cancellation)
    {
        var metadata = Metadata.Create(_newId(), definition.Schema, definition.PartitionColumns, _time.GetUtcNow());
        var result = await _table.Create(metadata, added, origin, cancellation);
        if (result is not CommitResult.Conflict { Kind: ConflictKind.TableCreated })
        {
            return result;
        }

        definition.RequireFits(await _table.ReadSnapshot(version: null, cancellation));
        return null;
    }

    private async ValueTask<AddFile?> WriteFile(
        string path,
        TableDefinition definition,
        PartitionValues partition,
        IAsyncEnumerable<ColumnBatch> rows,
        CancellationToken cancellation)
    {
        var schema = DataFileSchema.Of(definition);
        WrittenFile? written = null;
        await _files.Put(
            path,
            async (stream, token) =>
            {
                using var writer = new ParquetWriter(stream, schema, Options(definition));
                await foreach (var batch in rows.WithCancellation(token))
                {
                    using (batch)
                    {
                        await writer.WriteAsync(batch, token);
                    }
                }

                written = await writer.CompleteAsync(token);
            },
            cancellation);
        if (written is not { RowCount: > 0 } file)
        {
            await _files.Delete(path, cancellation);
            return null;
        }

        return new AddFile
        {
            Path = LogPath.Encode(path),
            PartitionValues = partition,
            Size = file.Length,
            ModificationTime = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            NumRecords = file.RowCount,
            Stats = DataFileStatistics.ToJson(schema, file),
        };
    }

    private static ParquetWriterOptions Options(TableDefinition definition) => new()
    {
        KeyValueMetadata =
        [
            new(SparkVersionKey, SparkVersion),
            new(SparkSchemaKey, new TableSchema([.. definition.DataFields]).ToJson()),
        ],
    };
}

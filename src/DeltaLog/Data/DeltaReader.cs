using System.Runtime.CompilerServices;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Reads the rows of a snapshot.</summary>
public sealed class DeltaReader(IDataFileStore files)
{
    private readonly DeletionVectorReader _vectors = new(files);

    /// <summary>Opens the data files in a table's local folder.</summary>
    public static DeltaReader At(string folder) => new(new LocalDataFileStore(folder));

    /// <summary>Reads the rows of one partition as of the snapshot, file by file in order of path, without those that are deleted. Every batch has the wanted columns in
    /// the wanted order by the names and types of the table's schema, and is the caller's to dispose of. A column that a file was written without is null; a
    /// partition column has the partition's value; a column that the table widened is widened.</summary>
    /// <param name="snapshot">The version to read: what was committed later does not show.</param>
    /// <param name="partition">The partition, named as in the log.</param>
    /// <param name="columns">Names of columns; null: all of them, in the order of the schema.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DeltaException">A file is gone or broken (<see cref="DeltaErrorClass.CorruptDataFile"/>, <see cref="DeltaErrorClass.CorruptDeletionVector"/>), is
    /// not what the schema says (<see cref="DeltaErrorClass.SchemaMismatch"/>), or cannot be read by this build.</exception>
    public async IAsyncEnumerable<ColumnBatch> ReadFiles(
        Snapshot snapshot,
        PartitionValues partition,
        IReadOnlyList<string>? columns = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var wanted = Wanted(snapshot, columns);
        foreach (var file in snapshot.FilesOf(partition).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var deleted = file.DeletionVector is { } vector ? await _vectors.Read(snapshot.Location, file, vector, cancellation) : null;
            await using var source = await Open(snapshot, file, cancellation);
            var first = 0L;
            await foreach (var batch in ReadFile(snapshot, file, source, deleted, wanted, cancellation))
            {
                var live = deleted?.LiveOf(first, batch.RowCount);
                first += batch.RowCount;
                if (live is null)
                {
                    yield return batch;
                    continue;
                }

                using (batch)
                {
                    if (live.Length > 0)
                    {
                        yield return batch.Take(live);
                    }
                }
            }
        }
    }

    private static SchemaField[] Wanted(Snapshot snapshot, IReadOnlyList<string>? columns)
    {
        var schema = snapshot.Metadata.Schema;
        return columns is null
            ? [.. schema.Fields]
            : [.. columns.Select(name => schema.Find(name) ?? throw new ArgumentException($"{snapshot.Location} has no column {name}", nameof(columns)))];
    }

    private async ValueTask<IRandomAccessSource> Open(Snapshot snapshot, AddFile file, CancellationToken cancellation)
    {
        try
        {
            return await files.Open(file.DecodedPath, cancellation);
        }
        catch (FileNotFoundException error)
        {
            throw new DeltaException(
                DeltaErrorClass.CorruptDataFile,
                $"{snapshot.Location}: data file {file.Path} of version {snapshot.Version} is gone: restore it, or read a later version that no longer needs it",
                error);
        }
    }

    private static async IAsyncEnumerable<ColumnBatch> ReadFile(
        Snapshot snapshot,
        AddFile file,
        IRandomAccessSource source,
        DeletedRows? deleted,
        SchemaField[] wanted,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = await Checked(snapshot, file, () => ParquetReader.OpenAsync(source, options: null, cancellation));
        if (deleted?.Last >= reader.Metadata.RowCount)
        {
            throw new DeltaException(
                DeltaErrorClass.CorruptDeletionVector,
                $"{snapshot.Location}: the deletion vector {file.DeletionVector!.UniqueId} of data file {file.Path} deletes row {deleted.Last}, and the file has {reader.Metadata.RowCount} rows");
        }

        var rows = await Checked(snapshot, file, () => ValueTask.FromResult(FileRows.Of(snapshot, file, reader.Metadata.Schema, wanted)));
        var batches = reader.ReadAsync(rows.Stored, rowGroups: null, cancellation).GetAsyncEnumerator(cancellation);
        await using (batches)
        {
            while (await Checked(snapshot, file, batches.MoveNextAsync))
            {
                yield return await Checked(snapshot, file, () => ValueTask.FromResult(rows.ToTable(batches.Current)));
            }
        }
    }

    /// <summary>Says of which file an error is.</summary>
    private static async ValueTask<T> Checked<T>(Snapshot snapshot, AddFile file, Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ParquetException error)
        {
            throw Unreadable(error.Kind == ParquetErrorKind.Unsupported ? DeltaErrorClass.UnsupportedDataFile : DeltaErrorClass.CorruptDataFile, error);
        }
        catch (DeltaException error)
        {
            throw Unreadable(error.Class, error);
        }

        DeltaException Unreadable(DeltaErrorClass errorClass, Exception error) =>
            new(errorClass, $"{snapshot.Location}: data file {file.Path} of version {snapshot.Version} cannot be read: {error.Message}", error);
    }
}

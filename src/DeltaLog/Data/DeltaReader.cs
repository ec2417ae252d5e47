using System.Runtime.CompilerServices;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Reads the rows of a snapshot.</summary>
public sealed class DeltaReader(IDataFileStore files)
{
    private readonly DeletionVectorReader _vectors = new(files);

    /// <summary>Opens the data files in a table's local folder.</summary>
    public static DeltaReader At(string folder) => new(new LocalDataFileStore(folder));

    /// <summary>Reads the rows of one partition as of the snapshot, file by file in order of path, without those that are deleted. Every batch has the wanted columns in the wanted order, and
    /// is the caller's to dispose of; a column that a file was written without is null. Partition columns are not in the files: the caller knows their values.</summary>
    /// <param name="snapshot">The version to read: what was committed later does not show.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="columns">Names of data columns; null: all of them.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DeltaException">A file is gone or broken (<see cref="DeltaErrorClass.CorruptDataFile"/>, <see cref="DeltaErrorClass.CorruptDeletionVector"/>), or
    /// cannot be read by this build.</exception>
    public async IAsyncEnumerable<ColumnBatch> ReadFiles(
        Snapshot snapshot,
        PartitionValues partition,
        IReadOnlyList<string>? columns = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (snapshot.Mapping.IsMapped)
        {
            throw new DeltaException(
                DeltaErrorClass.UnsupportedReaderFeature,
                $"{snapshot.Location}: the columns of version {snapshot.Version} are mapped by {snapshot.Mapping.Mode}, and this build does not read rows under column mapping")
            {
                Features = ["columnMapping"],
            };
        }

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
        SchemaField[] data = [.. TableDefinition.Of(snapshot).DataFields];
        return columns is null
            ? data
            : [.. columns.Select(name => Array.Find(data, field => field.Name == name) ?? throw new ArgumentException($"{snapshot.Location} has no data column {name}", nameof(columns)))];
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

        var present = Array.FindAll(wanted, field => reader.Metadata.Schema.IndexOf(field.Name) >= 0);
        var batches = reader.ReadAsync([.. present.Select(field => field.Name)], rowGroups: null, cancellation).GetAsyncEnumerator(cancellation);
        await using (batches)
        {
            while (await Checked(snapshot, file, batches.MoveNextAsync))
            {
                yield return present.Length == wanted.Length ? batches.Current : MissingColumns.Fill(batches.Current, wanted);
            }
        }
    }

    private static async ValueTask<T> Checked<T>(Snapshot snapshot, AddFile file, Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ParquetException error)
        {
            throw new DeltaException(
                error.Kind == ParquetErrorKind.Unsupported ? DeltaErrorClass.UnsupportedDataFile : DeltaErrorClass.CorruptDataFile,
                $"{snapshot.Location}: data file {file.Path} of version {snapshot.Version} cannot be read: {error.Message}",
                error);
        }
    }
}

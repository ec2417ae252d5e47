using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Reads checkpoint files and sidecars in Parquet, batch by batch and only the columns that are used (PROTOCOL.md, "Checkpoint Schema"). Nothing is
/// allocated but what the state keeps.</summary>
internal static class CheckpointParquet
{
    /// <summary>Files of so many rows are read whatever their size; beyond, a row is a part of a byte at least. Each row is an action, and no two are the same.</summary>
    private const long RowsOfAnyFile = 100_000;

    private const int RowsPerByte = 16;

    /// <summary>Tighter than what data files get, for several are read at once, and their rows are small.</summary>
    private static readonly ParquetReadOptions Options = new()
    {
        BatchRows = 4 * 1024,
        BatchBytes = 8 * 1024 * 1024,
        MemoryBytes = 32L * 1024 * 1024,
        MemoryBytesPerFileByte = 16,
    };

    /// <summary>Takes a file's actions over.</summary>
    /// <exception cref="DeltaException">The file is gone or broken (<see cref="DeltaErrorClass.CorruptCheckpoint"/>).</exception>
    internal static ValueTask Read(
        ILogStore log, string name, SnapshotState state, List<string> sidecars, ActionDetail detail, CancellationToken cancellation)
    {
        var files = new CheckpointFileRows(detail);
        return Read(log, name, isSidecar: false, detail, Apply, cancellation);

        void Apply(ColumnBatch batch)
        {
            CheckpointTableRows.Apply(batch, state, sidecars);
            files.Apply(batch, state.Put);
            CheckpointTombstoneRows.Apply(batch, state.Tombstones is { } tombstones ? tombstones.Put : null);
        }
    }

    /// <summary>Reads the files of a sidecar, of which nothing else counts.</summary>
    /// <exception cref="DeltaException">The file is gone or broken (<see cref="DeltaErrorClass.CorruptCheckpoint"/>).</exception>
    internal static async ValueTask<(List<AddFile> Active, List<RemoveFile> Removed)> ReadSidecar(
        ILogStore log, string name, ActionDetail detail, CancellationToken cancellation)
    {
        var (files, active, removed) = (new CheckpointFileRows(detail), new List<AddFile>(), new List<RemoveFile>());
        await Read(log, name, isSidecar: true, detail, Apply, cancellation);
        return (active, removed);

        void Apply(ColumnBatch batch)
        {
            files.Apply(batch, active.Add);
            CheckpointTombstoneRows.Apply(batch, detail == ActionDetail.Tombstones ? removed.Add : null);
        }
    }

    private static async ValueTask Read(
        ILogStore log, string name, bool isSidecar, ActionDetail detail, Action<ColumnBatch> apply, CancellationToken cancellation)
    {
        try
        {
            await using var source = await LogFileSource.TryOpen(log, name, cancellation) ?? throw CheckpointReader.Gone(log, name);
            var reader = await ParquetReader.OpenAsync(source, Options, cancellation);
            if (reader.Metadata.RowCount > RowsOfAnyFile + (source.Length * RowsPerByte))
            {
                throw new InvalidDataException($"it claims {reader.Metadata.RowCount} rows in {source.Length} bytes");
            }

            var wanted = CheckpointColumns.Wanted(reader.Metadata.Schema, detail, isSidecar);
            if (wanted.Count == 0)
            {
                return;
            }

            await foreach (var batch in reader.ReadPathsAsync(wanted, rowGroups: null, cancellation))
            {
                using (batch)
                {
                    apply(batch);
                }
            }
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException or FileNotFoundException or EndOfStreamException)
        {
            throw new DeltaException(DeltaErrorClass.CorruptCheckpoint, $"{log.Location}: checkpoint file {name} cannot be read: {error.Message}", error);
        }
    }
}

using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Reads checkpoint files and sidecars in Parquet, batch by batch and only the columns that are used (PROTOCOL.md, "Checkpoint Schema"). Nothing is
/// allocated but what the state keeps.</summary>
internal static class CheckpointParquet
{
    /// <summary>Takes a file's actions over. Of a sidecar (<paramref name="sidecars"/> is null) only files count.</summary>
    /// <exception cref="DeltaException">The file is gone or broken (<see cref="DeltaErrorClass.CorruptCheckpoint"/>).</exception>
    internal static async ValueTask Read(
        ILogStore log, string name, SnapshotState state, List<string>? sidecars, ActionDetail detail, CancellationToken cancellation)
    {
        try
        {
            await using var source = await LogFileSource.TryOpen(log, name, cancellation) ?? throw CheckpointReader.Gone(log, name);
            var reader = await ParquetReader.OpenAsync(source, options: null, cancellation);
            var wanted = CheckpointColumns.Wanted(reader.Metadata.Schema, detail, isSidecar: sidecars is null);
            if (wanted.Count == 0)
            {
                return;
            }

            var files = new CheckpointFileRows(detail);
            await foreach (var batch in reader.ReadPathsAsync(wanted, rowGroups: null, cancellation))
            {
                using (batch)
                {
                    CheckpointTableRows.Apply(batch, state, sidecars);
                    files.Apply(batch, state);
                    CheckpointTombstoneRows.Apply(batch, state);
                }
            }
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException or FileNotFoundException or EndOfStreamException)
        {
            throw new DeltaException(DeltaErrorClass.CorruptCheckpoint, $"{log.Location}: checkpoint file {name} cannot be read: {error.Message}", error);
        }
    }
}

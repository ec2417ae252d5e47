using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Puts checkpoints into a log (PROTOCOL.md, "Checkpoints"). Guarantees that a checkpoint appears whole or not at all, replaces none that is
/// there, and holds what the commits up to its version add up to. Its version must have been read from the log: nothing is taken over from a caller.</summary>
internal sealed class CheckpointWriter(ILogStore log, TimeProvider time, Func<Guid> newId)
{
    private const int BatchActions = 4096;

    /// <summary>Whether a checkpoint is due after the commit of a version.</summary>
    internal static bool IsDue(Metadata metadata, long version) => version > 0 && version % TableProperties.CheckpointInterval(metadata) == 0;

    /// <summary>Writes the checkpoint of a version (null: the latest), and then the hint by which readers find it.</summary>
    /// <exception cref="DeltaException">The version cannot be read, or the table's checkpoints cannot be written.</exception>
    /// <exception cref="IOException">The log cannot be written; whether the checkpoint is there is not known.</exception>
    internal async ValueTask<CheckpointResult> Write(long? version, CancellationToken cancellation)
    {
        var state = await StateReader.Read(log, version, ActionDetail.Tombstones, cancellation);
        CheckpointSupport.Require(log.Location, state);
        var segment = await LogSegment.List(log, state.Version, cancellation);
        if (segment.CheckpointsOf(state.Version) is [var known, ..])
        {
            return new CheckpointResult.AlreadyThere(state.Version, known.Names[0]);
        }

        var isV2 = CheckpointSupport.WritesV2(state);
        var name = isV2 ? LogFile.CheckpointName(state.Version, newId()) : LogFile.CheckpointName(state.Version);
        long actions = 0, bytes = 0;
        var isNew = await log.PutIfAbsent(
            name,
            async (stream, token) => (actions, bytes) = await Write(stream, state, isV2, token),
            cancellation);
        if (!isNew)
        {
            return new CheckpointResult.AlreadyThere(state.Version, name);
        }

        await LastCheckpoint.Write(log, state.Version, actions, bytes, state.Files.Count, cancellation);
        return new CheckpointResult.Written(state.Version, name, actions, state.Files.Count, bytes);
    }

    private async ValueTask<(long Actions, long Bytes)> Write(Stream stream, SnapshotState state, bool isV2, CancellationToken cancellation)
    {
        var schema = new CheckpointSchema(TableProperties.WritesStatsAsJson(state.Metadata!), isV2);
        using var writer = new ParquetWriter(stream, schema.Columns);
        foreach (var actions in CheckpointActions.Of(state, time.GetUtcNow(), isV2).Chunk(BatchActions))
        {
            using var batch = schema.Batch(actions);
            await writer.WriteAsync(batch, cancellation);
        }

        var written = await writer.CompleteAsync(cancellation);
        return (written.RowCount, written.Length);
    }
}

namespace Latecomer.DeltaLog;

/// <summary>Reads checkpoint files in Parquet.</summary>
internal static class CheckpointParquet
{
    internal static ValueTask Read(
        ILogStore log, string name, SnapshotState state, List<string>? sidecars, ActionDetail detail, CancellationToken cancellation) =>
        throw new DeltaException(DeltaErrorClass.CorruptCheckpoint, $"{log.Location}: checkpoint file {name} cannot be read: Parquet checkpoints are not read yet");
}

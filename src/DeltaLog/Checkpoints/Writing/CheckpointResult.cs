namespace Latecomer.DeltaLog;

/// <summary>What became of an attempt to write a checkpoint.</summary>
public abstract record CheckpointResult
{
    private CheckpointResult()
    {
    }

    /// <summary>The checkpoint is in the log, durably and whole.</summary>
    /// <param name="Version">The version that it holds.</param>
    /// <param name="Name">The file in <c>_delta_log</c>.</param>
    /// <param name="Actions">How many actions it has.</param>
    /// <param name="Files">How many of them are active files.</param>
    /// <param name="Bytes">Its size.</param>
    public sealed record Written(long Version, string Name, long Actions, long Files, long Bytes) : CheckpointResult;

    /// <summary>The version has a checkpoint. Nothing was written.</summary>
    public sealed record AlreadyThere(long Version, string Name) : CheckpointResult;
}

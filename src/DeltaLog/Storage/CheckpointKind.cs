namespace Latecomer.DeltaLog;

/// <summary>How a checkpoint is named.</summary>
public enum CheckpointKind
{
    /// <summary>One Parquet file named by its version only.</summary>
    Classic,

    /// <summary>Several Parquet files with part numbers.</summary>
    Multipart,

    /// <summary>A V2 checkpoint whose top-level file is JSON.</summary>
    UuidJson,

    /// <summary>A V2 checkpoint whose top-level file is Parquet.</summary>
    UuidParquet,
}

namespace Latecomer.DeltaLog;

/// <summary>A data file that is part of the table from this commit on (PROTOCOL.md, "Add File and Remove File").</summary>
public sealed record AddFile : DeltaAction
{
    /// <summary>Path as the log has it: percent-encoded, relative to the table or absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The values that all rows of the file share, by (physical) partition column.</summary>
    public PartitionValues PartitionValues { get; init; } = PartitionValues.None;

    /// <summary>Size in bytes; null where the log does not say.</summary>
    public long? Size { get; init; }

    /// <summary>When the file was written, in milliseconds since the epoch.</summary>
    public long? ModificationTime { get; init; }

    /// <summary>False when the commit only rearranged rows that the table already had.</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>Rows in the file by its statistics, deleted ones included; null where the log does not say.</summary>
    public long? NumRecords { get; init; }

    /// <summary>The statistics as JSON text; null when absent or when the reader was asked to leave them out.</summary>
    public string? Stats { get; init; }

    /// <summary>The file's tags; null when absent.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>The rows that are deleted; null when none are.</summary>
    public DeletionVector? DeletionVector { get; init; }

    /// <summary>First row id (row tracking).</summary>
    public long? BaseRowId { get; init; }

    /// <summary>Default row commit version (row tracking).</summary>
    public long? DefaultRowCommitVersion { get; init; }

    /// <summary>Who clustered the file.</summary>
    public string? ClusteringProvider { get; init; }

    /// <summary>The path with its percent-encoding undone, once. <c>+</c> stays.</summary>
    public string DecodedPath => LogPath.Decode(Path);

    /// <summary>Rows that are not deleted; null where the log does not say.</summary>
    public long? LiveRecords => NumRecords - (DeletionVector?.Cardinality ?? 0);
}

namespace Latecomer.DeltaLog;

/// <summary>A data file that leaves the table with this commit; also its tombstone (PROTOCOL.md, "Add File and Remove File").</summary>
public sealed record RemoveFile : DeltaAction
{
    /// <summary>Path as the log has it: percent-encoded, relative to the table or absolute.</summary>
    public required string Path { get; init; }

    /// <summary>When it was removed, in milliseconds since the epoch.</summary>
    public long? DeletionTimestamp { get; init; }

    /// <summary>False when the commit only rearranged rows that the table keeps.</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>The file's partition values; null when the writer left them out.</summary>
    public PartitionValues? PartitionValues { get; init; }

    /// <summary>Size in bytes; null when the writer left it out.</summary>
    public long? Size { get; init; }

    /// <summary>Rows by the statistics that some writers repeat here; null when absent.</summary>
    public long? NumRecords { get; init; }

    /// <summary>The deletion vector of the logical file that is removed.</summary>
    public DeletionVector? DeletionVector { get; init; }

    /// <summary>First row id (row tracking).</summary>
    public long? BaseRowId { get; init; }

    /// <summary>Default row commit version (row tracking).</summary>
    public long? DefaultRowCommitVersion { get; init; }

    /// <summary>The action that takes <paramref name="file"/> out of the table.</summary>
    public static RemoveFile Of(AddFile file, DateTimeOffset now, bool dataChange = true) => new()
    {
        Path = file.Path,
        DeletionTimestamp = now.ToUnixTimeMilliseconds(),
        DataChange = dataChange,
        PartitionValues = file.PartitionValues,
        Size = file.Size,
        DeletionVector = file.DeletionVector,
        BaseRowId = file.BaseRowId,
        DefaultRowCommitVersion = file.DefaultRowCommitVersion,
    };
}

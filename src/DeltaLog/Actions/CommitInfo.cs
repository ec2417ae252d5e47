namespace Latecomer.DeltaLog;

/// <summary>Who wrote a commit and why (PROTOCOL.md, "Commit Provenance Information"). Everything is optional and free in form.</summary>
public sealed record CommitInfo : DeltaAction
{
    private static readonly IReadOnlyDictionary<string, string?> Nothing = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The writer's clock, in milliseconds since the epoch.</summary>
    public long? Timestamp { get; init; }

    /// <summary>The commit's time by the table's own, monotone clock, in milliseconds since the epoch (feature inCommitTimestamp).</summary>
    public long? InCommitTimestamp { get; init; }

    /// <summary>What was done, such as <c>WRITE</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>The operation's parameters; a value that is no string is kept as its JSON text.</summary>
    public IReadOnlyDictionary<string, string?> OperationParameters { get; init; } = Nothing;

    /// <summary>The version that the writer had read.</summary>
    public long? ReadVersion { get; init; }

    /// <summary>The isolation level of the writer.</summary>
    public string? IsolationLevel { get; init; }

    /// <summary>Whether the commit added files without reading any.</summary>
    public bool? IsBlindAppend { get; init; }

    /// <summary>Counts of the operation; a value that is no string is kept as its JSON text.</summary>
    public IReadOnlyDictionary<string, string?> OperationMetrics { get; init; } = Nothing;

    /// <summary>Free text of the user.</summary>
    public string? UserMetadata { get; init; }

    /// <summary>Tags of the commit. Our writers say here which pipeline and run wrote it (<see cref="CommitTags"/>).</summary>
    public IReadOnlyDictionary<string, string?> Tags { get; init; } = Nothing;

    /// <summary>The program that wrote.</summary>
    public string? EngineInfo { get; init; }

    /// <summary>A unique id of the attempt.</summary>
    public string? TxnId { get; init; }
}

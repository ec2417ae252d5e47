namespace Latecomer.DeltaLog;

/// <summary>How two commits get in each other's way.</summary>
public enum ConflictKind
{
    /// <summary>The table came to be meanwhile.</summary>
    TableCreated,

    /// <summary>The protocol changed.</summary>
    ProtocolChanged,

    /// <summary>The metadata changed.</summary>
    MetadataChanged,

    /// <summary>Files were added where this commit had read.</summary>
    ConcurrentAppend,

    /// <summary>Files that this commit had read were removed.</summary>
    ConcurrentDeleteRead,

    /// <summary>Files that this commit removes were removed.</summary>
    ConcurrentDeleteDelete,

    /// <summary>A domain's metadata that this commit sets was set.</summary>
    DomainChanged,

    /// <summary>Other writers were faster at every attempt.</summary>
    TooManyAttempts,
}

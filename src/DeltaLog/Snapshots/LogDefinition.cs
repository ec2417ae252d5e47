namespace Latecomer.DeltaLog;

/// <summary>What a table is at a version, without its files.</summary>
/// <param name="Version">The version.</param>
/// <param name="Protocol">What readers and writers must support.</param>
/// <param name="Metadata">What the table is.</param>
public sealed record LogDefinition(long Version, Protocol Protocol, Metadata Metadata)
{
    /// <summary>How the columns of the schema are named in the log and in data files.</summary>
    public ColumnMapping Mapping { get; } = ColumnMapping.Of(Protocol, Metadata);

    /// <summary>Reads what a table is at a version; null: the latest.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be read; its class says why.</exception>
    public static ValueTask<LogDefinition> Read(ILogStore log, long? version = null, CancellationToken cancellation = default) =>
        DefinitionReader.Read(log, version, cancellation);

    /// <summary>What the table is by a commit that says all of it; null when it does not.</summary>
    public static LogDefinition? Of(CommitChanges commit) => commit is { Protocol: { } protocol, Metadata: { } metadata }
        ? new LogDefinition(commit.Version, protocol, metadata)
        : null;

    /// <summary>What the table is after a commit; the same when the commit is older or says nothing of it.</summary>
    public LogDefinition After(CommitChanges commit) => commit.Version > Version && (commit.Protocol is not null || commit.Metadata is not null)
        ? new LogDefinition(commit.Version, commit.Protocol ?? Protocol, commit.Metadata ?? Metadata)
        : this;
}

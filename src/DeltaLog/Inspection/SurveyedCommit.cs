namespace Latecomer.DeltaLog;

/// <summary>A commit of the log, with what the versions around it say of its partitions.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Changes">What it changed.</param>
/// <param name="Lines">How many actions it has.</param>
/// <param name="CdcFiles">How many of them are <c>cdc</c>.</param>
/// <param name="Notes">What is odd about it.</param>
/// <param name="IsPriorStateKnown">Whether the version before it can be rebuilt, so that what its removes leave out is known.</param>
/// <param name="Mapping">The column mapping after it.</param>
/// <param name="MappingBefore">The column mapping before it; null when that is not known.</param>
internal sealed record SurveyedCommit(
    long Version,
    CommitChanges Changes,
    int Lines,
    int CdcFiles,
    IReadOnlyList<string> Notes,
    bool IsPriorStateKnown,
    ColumnMapping Mapping,
    ColumnMapping? MappingBefore);

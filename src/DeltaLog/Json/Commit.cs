namespace Latecomer.DeltaLog;

/// <summary>A commit as its file has it.</summary>
/// <param name="Version">The version that it makes.</param>
/// <param name="Actions">Its actions in the file's order; unknown ones and <c>cdc</c> left out.</param>
/// <param name="Lines">How many actions the file has, the ones left out included.</param>
/// <param name="CdcFiles">How many of them are <c>cdc</c>.</param>
/// <param name="Fingerprint">A hash of the file's bytes; tells a commit from another one of the same version. Null when it was not asked for.</param>
public sealed record Commit(long Version, IReadOnlyList<DeltaAction> Actions, int Lines, int CdcFiles, string? Fingerprint = null)
{
    /// <summary>The last <c>protocol</c> action; null when there is none.</summary>
    public Protocol? Protocol => Actions.OfType<Protocol>().LastOrDefault();

    /// <summary>The last <c>metaData</c> action; null when there is none.</summary>
    public Metadata? Metadata => Actions.OfType<Metadata>().LastOrDefault();

    /// <summary>The first <c>commitInfo</c> action; null when there is none.</summary>
    public CommitInfo? CommitInfo => Actions.OfType<CommitInfo>().FirstOrDefault();
}

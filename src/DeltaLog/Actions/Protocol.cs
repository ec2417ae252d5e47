namespace Latecomer.DeltaLog;

/// <summary>What a reader and a writer must support (PROTOCOL.md, "Protocol Evolution").</summary>
/// <param name="MinReaderVersion">The lowest reader version.</param>
/// <param name="MinWriterVersion">The lowest writer version.</param>
/// <param name="ReaderFeatures">Features of a reader; null when the action lists none (reader versions 1 and 2).</param>
/// <param name="WriterFeatures">Features of a writer; null when the action lists none (writer versions up to 6).</param>
public sealed record Protocol(
    int MinReaderVersion,
    int MinWriterVersion,
    IReadOnlyList<string>? ReaderFeatures = null,
    IReadOnlyList<string>? WriterFeatures = null) : DeltaAction
{
    /// <summary>What tables created here ask for: append-only and invariants, nothing newer.</summary>
    public static Protocol Default { get; } = new(1, 2);
}

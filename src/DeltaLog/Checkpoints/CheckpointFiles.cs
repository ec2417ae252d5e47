namespace Latecomer.DeltaLog;

/// <summary>A complete checkpoint: all files that its name asks for are there (PROTOCOL.md, "Checkpoints").</summary>
/// <param name="Version">The version whose state it holds.</param>
/// <param name="Kind">How it is named, which says nothing of its content: a classic name may have V2 content, sidecars included.</param>
/// <param name="Names">Its files in order; sidecars are named inside of them.</param>
internal sealed record CheckpointFiles(long Version, CheckpointKind Kind, IReadOnlyList<string> Names);

namespace Latecomer.Runtime;

/// <summary>What a node removed in one look.</summary>
/// <param name="Replies">Requests that were answered long ago.</param>
/// <param name="JournalEntries">Journal entries of its shards.</param>
/// <param name="Rows">Rows of projections that were history.</param>
public sealed record Removals(int Replies, int JournalEntries, int Rows);

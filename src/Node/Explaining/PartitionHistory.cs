using Latecomer.Actors;
using Latecomer.Node.Watching;
using Latecomer.Runtime;

namespace Latecomer.Node.Explaining;

/// <summary>The newest entries of a partition, in order. The cost follows what is read, not what else its shard has.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="IsWhole">Nothing came before them.</param>
internal sealed record PartitionHistory(IReadOnlyList<DecodedEntry> Entries, bool IsWhole)
{
    /// <summary>How many entries are read at most.</summary>
    public const int MostEntries = 5_000;

    private const int Piece = 500;

    /// <summary>Reads them.</summary>
    public static async Task<PartitionHistory> Read(IJournalStore journal, EntryDecoder decoder, ShardId shard, ActorId partition, CancellationToken cancellation)
    {
        var found = new List<JournalEntry>();
        for (var before = long.MaxValue; found.Count < MostEntries; before = found[^1].Position)
        {
            var piece = await journal.ReadActor(shard, partition, before, Piece, cancellation);
            found.AddRange(piece);
            if (piece.Count < Piece)
            {
                break;
            }
        }

        found.Reverse();
        DecodedEntry[] entries = [.. decoder.Decode(found)];

        // What was before a pipeline of the same name was deleted is not this one's.
        var forgotten = Array.FindLastIndex(entries, e => e.Entry is PartitionEntry.Forgotten);
        return new PartitionHistory(entries[(forgotten + 1)..], forgotten >= 0 || (found is [{ Revision: 1 }, ..] && found.Count < MostEntries));
    }
}

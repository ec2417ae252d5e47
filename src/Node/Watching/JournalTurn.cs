using System.Collections.Immutable;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>What one turn of a partition wrote: the entries of one revision, all of them. What it means to those who watch is worked out once for all of them.</summary>
internal sealed class JournalTurn
{
    private readonly Lazy<ImmutableArray<RunChange>> _runChanges;
    private readonly Lazy<ImmutableArray<PartitionChange>> _partitionChanges;

    /// <summary>A turn.</summary>
    /// <param name="entries">Its entries, at least one.</param>
    /// <param name="decoder">Reads them.</param>
    /// <param name="workTask">The id of the pipeline's work.</param>
    public JournalTurn(IReadOnlyList<JournalEntry> entries, EntryDecoder decoder, string workTask)
    {
        Actor = entries[0].Actor;
        Last = entries[^1].Position;
        _runChanges = new(() => [.. decoder.Decode(entries).SelectMany(e => e.RunChanges(workTask))]);
        _partitionChanges = new(() => [.. decoder.Decode(entries).SelectMany(e => e.PartitionChanges())]);
    }

    /// <summary>Whose turn it was.</summary>
    public ActorId Actor { get; }

    /// <summary>The position of its last entry.</summary>
    public long Last { get; }

    /// <summary>What happened to runs.</summary>
    public ImmutableArray<RunChange> RunChanges => _runChanges.Value;

    /// <summary>What happened to the partition.</summary>
    public ImmutableArray<PartitionChange> PartitionChanges => _partitionChanges.Value;
}

/// <summary>A stretch of a shard's journal that ends with a turn, never within one.</summary>
/// <param name="Shard">Which.</param>
/// <param name="After">The position before its first entry.</param>
/// <param name="To">The position of its last entry.</param>
/// <param name="Turns">The turns of partitions in it; what happened to other actors only makes it longer.</param>
/// <param name="IsLast">Nothing more was there when it was read.</param>
internal sealed record JournalStretch(ShardId Shard, long After, long To, IReadOnlyList<JournalTurn> Turns, bool IsLast);

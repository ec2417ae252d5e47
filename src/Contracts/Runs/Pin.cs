using System.Collections.Immutable;

namespace Latecomer.Contracts;

/// <summary>What a run processes of one input table.</summary>
/// <param name="TableId">The table's id (its metadata's): a table that was recreated is another.</param>
/// <param name="Version">The version whose snapshot is read.</param>
public readonly record struct TablePin(string TableId, long Version);

/// <summary>The (table id, version) per input table that a run processes.</summary>
/// <param name="Tables">By table.</param>
public sealed record Pin(ImmutableSortedDictionary<TablePath, TablePin> Tables)
{
    /// <summary>Of no table.</summary>
    public static Pin None { get; } = new(ImmutableSortedDictionary<TablePath, TablePin>.Empty);

    /// <summary>Whether a change at <paramref name="version"/> of a table is part of what is pinned. A change of a table id that is not
    /// pinned is not.</summary>
    public bool Covers(TablePath table, string tableId, long version) =>
        Tables.TryGetValue(table, out var pin) && pin.TableId == tableId && version <= pin.Version;

    /// <summary>The pin with one table's more.</summary>
    public Pin With(TablePath table, TablePin pin) => new(Tables.SetItem(table, pin));

    /// <summary>Equal when every table's is.</summary>
    public bool Equals(Pin? other) => other is not null && Tables.SequenceEqual(other.Tables);

    /// <inheritdoc/>
    public override int GetHashCode() => Tables.Aggregate(0, (hash, t) => HashCode.Combine(hash, t.Key, t.Value));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Tables.Select(t => $"{t.Key}@{t.Value.Version}"));
}

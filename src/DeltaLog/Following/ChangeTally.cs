namespace Latecomer.DeltaLog;

/// <summary>Counts the file actions of one commit per partition.</summary>
internal sealed class ChangeTally
{
    private readonly SnapshotState? _before;
    private readonly bool? _partitioned;
    private readonly bool _believesEmpty;
    private readonly Dictionary<PartitionValues, int> _indexes = [];
    private readonly List<PartitionChange> _changes = [];
    private PartitionChange? _unknown;

    /// <summary>Counts a commit. <paramref name="believesEmpty"/>: an empty map is taken at its word where nothing says what the table is.</summary>
    internal ChangeTally(Commit commit, SnapshotState? before, Metadata? metadataBefore, bool believesEmpty)
    {
        _before = before;
        _believesEmpty = believesEmpty;
        _partitioned = IsPartitioned(commit, metadataBefore, believesEmpty);
        foreach (var action in commit.Actions)
        {
            switch (action)
            {
                case AddFile add: Count(add); break;
                case RemoveFile remove: Count(remove); break;
                default: break;
            }
        }
    }

    internal IReadOnlyList<PartitionChange> Partitions() => _changes;

    internal PartitionChange? UnknownPartition() => _unknown;

    /// <summary>Whether the table has partition columns, before or after the commit; null when nothing tells.</summary>
    private static bool? IsPartitioned(Commit commit, Metadata? before, bool believesEmpty)
    {
        if (commit.Metadata is { PartitionColumns.Count: > 0 } || before is { PartitionColumns.Count: > 0 })
        {
            return true;
        }

        if (before is not null || believesEmpty)
        {
            return before is null && commit.Metadata is null ? null : false;
        }

        // What a commit makes of the table says nothing of what it removes from it. If it leaves the table as it was, the files that it adds tell:
        // they have all partition columns.
        var adds = commit.Actions.OfType<AddFile>();
        return commit.Metadata is null && adds.Any() ? adds.Any(add => add.PartitionValues.Count > 0) : null;
    }

    private static PartitionChange Nothing(PartitionValues partition) => new(partition, default, default, default, default);

    private static PartitionChange WithRemoved(PartitionChange change, RemoveFile remove, FileTotals totals) => remove.DataChange
        ? change with { Removed = change.Removed.Plus(totals) }
        : change with { RearrangedRemoved = change.RearrangedRemoved.Plus(totals) };

    private void Count(AddFile add)
    {
        var totals = FileTotals.Of(add.Size, add.NumRecords, add.DeletionVector);
        var index = IndexOf(add.PartitionValues);
        var change = _changes[index];
        _changes[index] = add.DataChange
            ? change with { Added = change.Added.Plus(totals) }
            : change with { RearrangedAdded = change.RearrangedAdded.Plus(totals) };
    }

    private void Count(RemoveFile remove)
    {
        var prior = _before?.Files.Find(remove.Path, remove.DeletionVector?.UniqueId) ?? _before?.Files.FindAny(remove.Path);
        var totals = FileTotals.Of(remove.Size ?? prior?.Size, remove.NumRecords ?? prior?.NumRecords, remove.DeletionVector);
        if (PartitionOf(remove, prior) is { } partition)
        {
            var index = IndexOf(partition);
            _changes[index] = WithRemoved(_changes[index], remove, totals);
        }
        else
        {
            _unknown = WithRemoved(_unknown ?? Nothing(PartitionValues.None), remove, totals);
        }
    }

    /// <summary>Where a removed file lay; null when nothing tells. An empty map says nothing in a partitioned table.</summary>
    private PartitionValues? PartitionOf(RemoveFile remove, AddFile? prior) => remove.PartitionValues switch
    {
        { Count: > 0 } values => values,
        { } none when _partitioned is false || (_partitioned is null && _believesEmpty) => none,
        _ when prior is not null => prior.PartitionValues,
        _ when _partitioned is false => PartitionValues.None,
        _ => null,
    };

    private int IndexOf(PartitionValues partition)
    {
        if (!_indexes.TryGetValue(partition, out var index))
        {
            index = _changes.Count;
            _indexes.Add(partition, index);
            _changes.Add(Nothing(partition));
        }

        return index;
    }
}

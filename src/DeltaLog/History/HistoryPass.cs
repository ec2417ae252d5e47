using System.Collections.Concurrent;

namespace Latecomer.DeltaLog;

/// <summary>What a pass over commits, in whatever order and several at a time, has found out.</summary>
internal sealed class HistoryPass
{
    private readonly ConcurrentDictionary<PartitionValues, DataChange> _changes = [];
    private readonly ConcurrentBag<DataChange> _unresolved = [];
    private readonly Lock _gate = new();
    private DataChange? _unknown;
    private (long Version, Metadata? Metadata) _metadata = (-1, null);
    private (long Version, Protocol? Protocol) _protocol = (-1, null);
    private long _lastPartitioned = -1;

    internal long LastBroken { get; private set; } = -1;

    /// <summary>What the newest commit from a version on that defines the table says; null when none does.</summary>
    internal Metadata? MetadataSince(long version) => _metadata.Version >= version ? _metadata.Metadata : null;

    /// <summary>The protocol of the newest commit from a version on that sets it; null when none does.</summary>
    internal Protocol? ProtocolSince(long version) => _protocol.Version >= version ? _protocol.Protocol : null;

    internal void Break(long version)
    {
        lock (_gate)
        {
            LastBroken = Math.Max(LastBroken, version);
        }
    }

    internal void Add(Commit commit)
    {
        var change = ChangeOf(commit.Version, commit.CommitInfo);
        foreach (var action in commit.Actions)
        {
            switch (action)
            {
                case Metadata metadata:
                    Define(commit.Version, metadata);
                    break;
                case Protocol protocol:
                    Define(commit.Version, protocol);
                    break;
                case AddFile { DataChange: true } add:
                    Note(add.PartitionValues, change);
                    break;
                case RemoveFile { DataChange: true, PartitionValues: { Count: > 0 } values }:
                    Note(values, change);
                    break;
                case RemoveFile { DataChange: true }:
                    _unresolved.Add(change);
                    break;
                default:
                    break;
            }
        }
    }

    internal void Add(CommitChanges changes)
    {
        var change = new DataChange(changes.Version, changes.CommitTime);
        foreach (var partition in changes.Partitions.Where(partition => partition.IsDataChange))
        {
            Note(partition.Partition, change);
        }

        if (changes.UnknownPartition is { IsDataChange: true })
        {
            _unknown = change;
        }
    }

    /// <summary>The first commit whose removes leave their partition out; null when there is none.</summary>
    internal long? FirstUnresolved(long from)
    {
        long[] left = [.. _unresolved.Select(change => change.Version).Where(version => version >= from)];
        return left.Length == 0 ? null : left.Min();
    }

    /// <summary>Places removes that leave their partition out, if the table had no partition columns at any of the commits; else answers false.</summary>
    internal bool TryPlaceWithoutPartitions(long from, Metadata? latest)
    {
        // What the table was before a definition that the commits changed is not known, unless they begin with the table.
        if (_lastPartitioned >= from || latest is not { PartitionColumns.Count: 0 } || (MetadataSince(from) is not null && from > 0))
        {
            return false;
        }

        foreach (var change in _unresolved)
        {
            Note(PartitionValues.None, change);
        }

        return true;
    }

    internal async Task<PartitionHistory> Result(ILogStore log, long? from, CancellationToken cancellation)
    {
        var changes = new Dictionary<PartitionValues, DataChange>();
        foreach (var (partition, change) in _changes.Where(pair => pair.Value.Version >= from))
        {
            changes.Add(partition, await WithTime(log, change, cancellation));
        }

        return new PartitionHistory(from, changes, _unknown is { } unknown ? await WithTime(log, unknown, cancellation) : null);
    }

    private void Define(long version, Metadata metadata)
    {
        lock (_gate)
        {
            _metadata = version >= _metadata.Version ? (version, metadata) : _metadata;
            _lastPartitioned = metadata.PartitionColumns.Count > 0 ? Math.Max(_lastPartitioned, version) : _lastPartitioned;
        }
    }

    private void Define(long version, Protocol protocol)
    {
        lock (_gate)
        {
            _protocol = version >= _protocol.Version ? (version, protocol) : _protocol;
        }
    }

    private static DataChange ChangeOf(long version, CommitInfo? info) => new(
        version,
        (info?.InCommitTimestamp ?? info?.Timestamp) is { } milliseconds ? CommitClock.FromMilliseconds(milliseconds) : null);

    private static async ValueTask<DataChange> WithTime(ILogStore log, DataChange change, CancellationToken cancellation) => change.At is null
        ? change with { At = (await log.TryStat(LogFile.CommitName(change.Version), cancellation))?.LastModified }
        : change;

    private void Note(PartitionValues partition, DataChange change) =>
        _changes.AddOrUpdate(partition, static (_, change) => change, static (_, old, change) => old.Version >= change.Version ? old : change, change);
}

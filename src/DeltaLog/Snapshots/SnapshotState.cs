namespace Latecomer.DeltaLog;

/// <summary>A table's state while its log is replayed (PROTOCOL.md, "Action Reconciliation"). Not shared while it changes.</summary>
internal sealed class SnapshotState
{
    private readonly Dictionary<string, CommittedTransaction> _transactions;
    private readonly Dictionary<string, string> _domains;
    private readonly Dictionary<PartitionValues, PartitionSummary> _partitions;

    internal SnapshotState()
    {
        Version = -1;
        Files = new ActiveFiles();
        _transactions = new(StringComparer.Ordinal);
        _domains = new(StringComparer.Ordinal);
        _partitions = [];
    }

    internal SnapshotState(SnapshotState other)
    {
        Version = other.Version;
        Fingerprint = other.Fingerprint;
        Protocol = other.Protocol;
        Metadata = other.Metadata;
        Files = new ActiveFiles(other.Files);
        _transactions = new(other._transactions, StringComparer.Ordinal);
        _domains = new(other._domains, StringComparer.Ordinal);
        _partitions = new(other._partitions);
    }

    internal long Version { get; private set; }

    /// <summary>The hash of the version's commit; null when the state was not made from it.</summary>
    internal string? Fingerprint { get; private set; }

    internal Protocol? Protocol { get; private set; }

    internal Metadata? Metadata { get; private set; }

    internal ActiveFiles Files { get; }

    internal IReadOnlyDictionary<string, CommittedTransaction> Transactions => _transactions;

    internal IReadOnlyDictionary<string, string> Domains => _domains;

    /// <summary>The files that were removed; null when they are not kept.</summary>
    internal Tombstones? Tombstones { get; private init; }

    /// <summary>The partitions that have active files.</summary>
    internal IReadOnlyDictionary<PartitionValues, PartitionSummary> Partitions => _partitions;

    /// <summary>The state before the first action, of a replay that keeps so much.</summary>
    internal static SnapshotState Keeping(ActionDetail detail) => new() { Tombstones = detail == ActionDetail.Tombstones ? new Tombstones() : null };

    /// <summary>Goes on to the commit's version.</summary>
    internal void Apply(Commit commit)
    {
        if (commit.Version != Version + 1)
        {
            throw new InvalidOperationException($"commit {commit.Version} cannot follow version {Version}");
        }

        foreach (var action in commit.Actions)
        {
            Apply(action, commit.Version);
        }

        MoveTo(commit.Version, commit.Fingerprint);
    }

    /// <summary>Takes over an action; <paramref name="version"/> is that of its commit, null when only a file of several commits tells of it.</summary>
    internal void Apply(DeltaAction action, long? version)
    {
        switch (action)
        {
            case AddFile add:
                Put(add);
                break;
            case RemoveFile remove:
                Forget(Files.Remove(remove.Path, remove.DeletionVector?.UniqueId));
                Tombstones?.Put(remove);
                break;
            case Metadata metadata:
                Metadata = metadata;
                break;
            case Protocol protocol:
                Protocol = protocol;
                break;
            case SetTransaction txn:
                _transactions[txn.AppId] = new CommittedTransaction(txn.Version, txn.LastUpdated, version);
                break;
            case DomainMetadata { Removed: true } domain:
                _domains.Remove(domain.Domain);
                break;
            case DomainMetadata domain:
                _domains[domain.Domain] = domain.Configuration;
                break;
            case CommitInfo:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Says that all of a version was taken over.</summary>
    internal void MoveTo(long version, string? fingerprint)
    {
        Version = version;
        Fingerprint = fingerprint;
    }

    internal Dictionary<PartitionValues, List<AddFile>> GroupByPartition()
    {
        var groups = new Dictionary<PartitionValues, List<AddFile>>();
        foreach (var file in Files.All)
        {
            if (!groups.TryGetValue(file.PartitionValues, out var group))
            {
                groups.Add(file.PartitionValues, group = []);
            }

            group.Add(file);
        }

        return groups;
    }

    /// <summary>Takes over a file.</summary>
    internal void Put(AddFile add)
    {
        Forget(Files.Put(add));
        Tombstones?.Forget(add);
        _partitions[add.PartitionValues] = _partitions.GetValueOrDefault(add.PartitionValues, PartitionSummary.Empty).Plus(add);
    }

    private void Forget(AddFile? file)
    {
        if (file is null)
        {
            return;
        }

        var left = _partitions[file.PartitionValues].Minus(file);
        if (left.ActiveFiles == 0)
        {
            _partitions.Remove(file.PartitionValues);
        }
        else
        {
            _partitions[file.PartitionValues] = left;
        }
    }
}

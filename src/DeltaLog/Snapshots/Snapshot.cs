namespace Latecomer.DeltaLog;

/// <summary>The table at one version: immutable, and complete when it exists. Holds O(active files + partitions).</summary>
public sealed class Snapshot
{
    private readonly SnapshotState _state;
    private readonly Lazy<IReadOnlyDictionary<PartitionValues, List<AddFile>>> _byPartition;

    internal Snapshot(string location, SnapshotState state)
    {
        Location = location;
        _state = state;
        _byPartition = new(() => state.GroupByPartition());
    }

    /// <summary>The table's location, for messages.</summary>
    public string Location { get; }

    /// <summary>The version.</summary>
    public long Version => _state.Version;

    /// <summary>What readers and writers must support.</summary>
    public Protocol Protocol => _state.Protocol!;

    /// <summary>What the table is.</summary>
    public Metadata Metadata => _state.Metadata!;

    /// <summary>The table's id.</summary>
    public string TableId => Metadata.Id;

    /// <summary>Where this snapshot stands in the log; following goes on from here.</summary>
    public LogPosition Position => new(Version, TableId, _state.Fingerprint);

    /// <summary>The last version of each application (<c>txn</c>).</summary>
    public IReadOnlyDictionary<string, CommittedTransaction> Transactions => _state.Transactions;

    /// <summary>The configuration of each domain.</summary>
    public IReadOnlyDictionary<string, string> Domains => _state.Domains;

    /// <summary>How many files are active.</summary>
    public int NumFiles => _state.Files.Count;

    /// <summary>The active files, in no order.</summary>
    public IEnumerable<AddFile> Files => _state.Files.All;

    /// <summary>Every partition that has active files or whose last change the log still shows.</summary>
    public IReadOnlyDictionary<PartitionValues, PartitionSummary> Partitions => _state.Partitions;

    /// <summary>The last version that removed data from a partition which neither its action nor the log before it names; null: none did.</summary>
    public long? UnknownPartitionLastDataChange => _state.UnknownPartitionLastDataChange;

    internal SnapshotState State => _state;

    /// <summary>The active files of one partition; empty when there are none.</summary>
    public IReadOnlyList<AddFile> FilesOf(PartitionValues partition) =>
        _byPartition.Value.TryGetValue(partition, out var files) ? files : [];
}

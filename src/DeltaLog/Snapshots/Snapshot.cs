namespace Latecomer.DeltaLog;

/// <summary>The table at one version: immutable, and complete when it exists. Holds O(active files + partitions).</summary>
public sealed class Snapshot
{
    private readonly SnapshotState _state;
    private readonly Lazy<ColumnMapping> _mapping;
    private readonly Lazy<IReadOnlyDictionary<PartitionValues, List<AddFile>>> _byPartition;

    internal Snapshot(string location, SnapshotState state)
    {
        Location = location;
        _state = state;
        _mapping = new(() => ColumnMapping.Of(state.Protocol, state.Metadata));
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

    /// <summary>How the columns of the schema are named in the log and in data files.</summary>
    public ColumnMapping Mapping => _mapping.Value;

    /// <summary>The partitions that have active files. Columns are named as in the log: physically, see <see cref="Mapping"/>.</summary>
    public IReadOnlyDictionary<PartitionValues, PartitionSummary> Partitions => _state.Partitions;

    internal SnapshotState State => _state;

    /// <summary>The active files of one partition; empty when there are none.</summary>
    public IReadOnlyList<AddFile> FilesOf(PartitionValues partition) =>
        _byPartition.Value.TryGetValue(partition, out var files) ? files : [];
}

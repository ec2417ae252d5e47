namespace Latecomer.DeltaLog;

/// <summary>A Delta table, by its log. Remembers the newest snapshot that it read, so that reading again costs only what is new. Safe for concurrent use.</summary>
public sealed class DeltaTable
{
    private const int MostRebases = 100;

    private readonly CommitWriter _writer;
    private readonly CheckpointWriter _checkpoints;
    private readonly TimeProvider _time;
    private Snapshot? _newest;

    /// <summary>Opens a table, which need not exist yet.</summary>
    public DeltaTable(ILogStore log, TimeProvider time, Func<Guid> newId)
    {
        Log = log;
        _time = time;
        _writer = new CommitWriter(log, time, newId);
        _checkpoints = new CheckpointWriter(log, time, newId);
    }

    /// <summary>The table's log.</summary>
    public ILogStore Log { get; }

    /// <summary>Opens the table in a local folder.</summary>
    public static DeltaTable At(string folder, TimeProvider? time = null, Func<Guid>? newId = null) =>
        new(new LocalLogStore(folder, time), time ?? TimeProvider.System, newId ?? Guid.NewGuid);

    /// <summary>Reads the table at a version; null: at the latest.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be read; its class says why.</exception>
    public async ValueTask<Snapshot> ReadSnapshot(long? version = null, CancellationToken cancellation = default)
    {
        if (version is not null)
        {
            return await SnapshotReader.Read(Log, version, ActionDetail.Counts, cancellation);
        }

        // Another table may have come to lie here since; its commits must not be put on top of what is remembered.
        var known = Volatile.Read(ref _newest);
        var snapshot = known is not null && await CommitReader.TryFingerprint(Log, known.Version, cancellation) == known.State.Fingerprint
            ? await SnapshotReader.Advance(Log, known, ActionDetail.Counts, cancellation)
            : await SnapshotReader.Read(Log, version: null, ActionDetail.Counts, cancellation);
        Volatile.Write(ref _newest, snapshot);
        return snapshot;
    }

    /// <summary>Finds the version that was current at an instant: the last one whose commit has that time or an earlier one. In-commit timestamps count where the
    /// table has them (PROTOCOL.md, "In-Commit Timestamps"), else the times at which the commits were put.</summary>
    /// <exception cref="DeltaException">The instant lies before the first commit whose version can be rebuilt, or after the latest commit; the message tells the
    /// range. Or the table cannot be read.</exception>
    public ValueTask<long> FindVersion(DateTimeOffset at, CancellationToken cancellation = default) => InstantReader.FindVersion(Log, at, cancellation);

    /// <summary>Reads the table at the latest version; null when there is none yet.</summary>
    public async ValueTask<Snapshot?> TryReadSnapshot(CancellationToken cancellation = default)
    {
        try
        {
            return await ReadSnapshot(version: null, cancellation);
        }
        catch (DeltaException error) when (error.Class == DeltaErrorClass.TableNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads what each partition holds at a version (null: the latest) and when its data last changed. Reads all commits that are left up to there,
    /// several at a time.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be read; its class says why.</exception>
    public async ValueTask<PartitionListing> ReadPartitions(long? version = null, CancellationToken cancellation = default)
    {
        var snapshot = await ReadSnapshot(version, cancellation);
        var segment = await LogSegment.List(Log, from: 0, cancellation);
        return new PartitionListing(snapshot, await PartitionHistoryReader.Read(Log, segment, snapshot.Version, cancellation));
    }

    /// <summary>Reads when the data of each partition last changed, without what the partitions hold: memory follows the partitions, never the files. Reads all
    /// commits that are left, several at a time.</summary>
    /// <exception cref="DeltaException">The table cannot be read; its class says why.</exception>
    public async ValueTask<PartitionHistory> ReadHistory(CancellationToken cancellation = default) => await PartitionHistoryReader.Read(Log, cancellation);

    /// <summary>Writes the checkpoint of a version (null: the latest), unless it has one.</summary>
    /// <exception cref="DeltaException">The version cannot be read, or the table's checkpoints cannot be written; its class says why.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public ValueTask<CheckpointResult> WriteCheckpoint(long? version = null, CancellationToken cancellation = default) =>
        _checkpoints.Write(version, cancellation);

    /// <summary>Creates the table with its first files, as version 0.</summary>
    public ValueTask<CommitResult> Create(Metadata metadata, IReadOnlyList<AddFile> files, CommitOrigin origin, CancellationToken cancellation = default) =>
        _writer.Commit(read: null, TableWrites.Create(metadata, files, origin), cancellation);

    /// <summary>Adds files. Passes every concurrent commit but those that change protocol or metadata.</summary>
    /// <exception cref="DeltaException">There is no table, or it cannot be written.</exception>
    public async ValueTask<CommitResult> Append(IReadOnlyList<AddFile> files, CommitOrigin origin, CancellationToken cancellation = default)
    {
        var read = await ReadSnapshot(version: null, cancellation);
        return await _writer.Commit(read, TableWrites.Append(read, files, origin), cancellation);
    }

    /// <summary>Makes <paramref name="files"/> all that a partition holds. When another commit changed the partition meanwhile, reads it again and replaces
    /// that too, unless the other one's <c>txn</c> is as high as this one's.</summary>
    /// <exception cref="DeltaException">There is no table, or it cannot be written.</exception>
    public async ValueTask<CommitResult> OverwritePartition(
        PartitionValues partition,
        IReadOnlyList<AddFile> files,
        CommitOrigin origin,
        CancellationToken cancellation = default)
    {
        CommitResult result;
        var attempts = 0;
        do
        {
            var read = await ReadSnapshot(version: null, cancellation);
            result = await _writer.Commit(read, TableWrites.Overwrite(read, partition, files, origin, _time.GetUtcNow()), cancellation);
            attempts++;
        }
        while (attempts < MostRebases && result is CommitResult.Conflict
        {
            Kind: ConflictKind.ConcurrentAppend or ConflictKind.ConcurrentDeleteRead or ConflictKind.ConcurrentDeleteDelete,
        });

        return result;
    }

    /// <summary>Sets properties, and takes away those whose value is null. Appends pass it; another writer's change of the metadata is kept, and this one
    /// made on top of it.</summary>
    /// <exception cref="DeltaException">There is no table, it cannot be written, or a property asks for a feature that the table does not have.</exception>
    public ValueTask<CommitResult> SetProperties(IReadOnlyDictionary<string, string?> properties, CommitOrigin origin, CancellationToken cancellation = default) =>
        Change(new MetadataChange.Properties(properties), origin, cancellation);

    /// <summary>Adds nullable columns behind those that there are; as <see cref="SetProperties"/> otherwise.</summary>
    /// <exception cref="DeltaException">There is no table, it cannot be written, it has such a column, or a column asks for a feature that it does not have.</exception>
    public ValueTask<CommitResult> AddColumns(IReadOnlyList<SchemaField> columns, CommitOrigin origin, CancellationToken cancellation = default) =>
        Change(new MetadataChange.Columns(columns), origin, cancellation);

    private async ValueTask<CommitResult> Change(MetadataChange change, CommitOrigin origin, CancellationToken cancellation)
    {
        CommitResult result;
        var attempts = 0;
        do
        {
            var read = await ReadSnapshot(version: null, cancellation);
            result = CommitWriter.Fenced(read, origin.Transaction)
                ?? await _writer.Commit(read, TableWrites.Change(read, change, origin), cancellation);
            attempts++;
        }
        while (attempts < MostRebases && result is CommitResult.Conflict { Kind: ConflictKind.MetadataChanged or ConflictKind.ProtocolChanged });

        return result;
    }
}

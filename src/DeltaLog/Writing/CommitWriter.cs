namespace Latecomer.DeltaLog;

/// <summary>Puts commits into a log. Guarantees that what it calls committed is in the log once, that no two commits get one version, and that nothing
/// which the proposal relied on changed in between (isolation level Serializable of PROTOCOL.md's writers).</summary>
public sealed class CommitWriter
{
    private const int MostAttempts = 1000;

    private readonly ILogStore _log;
    private readonly TimeProvider _time;
    private readonly Func<Guid> _newId;
    private readonly CheckpointWriter _checkpoints;

    /// <summary>Creates a writer; <paramref name="time"/> stamps commits and <paramref name="newId"/> names attempts.</summary>
    public CommitWriter(ILogStore log, TimeProvider time, Func<Guid> newId)
    {
        _log = log;
        _time = time;
        _newId = newId;
        _checkpoints = new CheckpointWriter(log, time, newId);
    }

    /// <summary>Commits a proposal that was made on <paramref name="read"/> (null: on the absence of a table). Commits that others made since are
    /// passed if they do not conflict, and the next version is tried. Every <c>delta.checkpointInterval</c> versions a checkpoint is written after the
    /// commit; when that fails, the commit stands.</summary>
    /// <exception cref="DeltaException">The table needs a writer that this is not, or a commit of another writer cannot be read.</exception>
    /// <exception cref="IOException">Whether the commit is in the log is not known; trying again with the same <c>txn</c> tells.</exception>
    public async ValueTask<CommitResult> Commit(Snapshot? read, CommitProposal proposal, CancellationToken cancellation = default)
    {
        WriterSupport.Require(_log.Location, read, proposal);
        if (read is not null && Fenced(read, proposal.Transaction) is { } fenced)
        {
            return fenced;
        }

        var txnId = _newId();
        var readVersion = read?.Version ?? -1;
        var version = readVersion + 1;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var content = CommitJson.Write(proposal, readVersion, txnId, _time.GetUtcNow());
            if (await _log.PutIfAbsent(LogFile.CommitName(version), content, cancellation))
            {
                await CheckpointIfDue(read, proposal, version, cancellation);
                return new CommitResult.Committed(version);
            }

            while (await CommitReader.TryRead(_log, version, ActionDetail.Counts, cancellation) is { } winner)
            {
                if (ConflictCheck.Against(_log.Location, winner, proposal, isCreation: read is null) is { } result)
                {
                    return result;
                }

                version++;
            }
        }

        return new CommitResult.Conflict(
            ConflictKind.TooManyAttempts,
            version,
            $"{_log.Location}: other writers were faster {MostAttempts} times in a row, up to version {version}");
    }

    private async ValueTask CheckpointIfDue(Snapshot? read, CommitProposal proposal, long version, CancellationToken cancellation)
    {
        var metadata = proposal.Actions.OfType<Metadata>().LastOrDefault() ?? read?.Metadata;
        if (metadata is null || !CheckpointWriter.IsDue(metadata, version))
        {
            return;
        }

        try
        {
            await _checkpoints.Write(version, cancellation);
        }
        catch (Exception)
        {
            // Whatever went wrong, the commit is in the log, and nobody needs a checkpoint to read it. The next one that is due tries again.
        }
    }

    /// <summary>The result that the table's own <c>txn</c> forces on a commit; null when it may go on.</summary>
    internal static CommitResult? Fenced(Snapshot read, SetTransaction? transaction)
    {
        if (transaction is not { } ours || !read.Transactions.TryGetValue(ours.AppId, out var theirs) || theirs.Version < ours.Version)
        {
            return null;
        }

        var at = theirs.CommittedAt ?? read.Version;
        return theirs.Version == ours.Version ? new CommitResult.AlreadyCommitted(at) : new CommitResult.Superseded(at, theirs.Version);
    }
}

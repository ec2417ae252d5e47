namespace Latecomer.DeltaLog;

/// <summary>Whether a commit that got in first leaves a proposal standing. Blind appends pass each other; whatever read a partition yields to a
/// commit that changed it.</summary>
internal static class ConflictCheck
{
    /// <summary>The result that the winner forces on the proposal; null when there is no conflict.</summary>
    internal static CommitResult? Against(string location, Commit winner, CommitProposal proposal, bool isCreation)
    {
        if (Fenced(winner, proposal) is { } fenced)
        {
            return fenced;
        }

        return Kind(winner, proposal, isCreation) is ({ } kind, var reason)
            ? new CommitResult.Conflict(kind, winner.Version, $"{location}: version {winner.Version} {reason}")
            : null;
    }

    private static CommitResult? Fenced(Commit winner, CommitProposal proposal)
    {
        if (proposal.Transaction is not { } ours)
        {
            return null;
        }

        var theirs = winner.Actions.OfType<SetTransaction>().LastOrDefault(txn => txn.AppId == ours.AppId);
        return theirs switch
        {
            null => null,
            _ when theirs.Version == ours.Version => new CommitResult.AlreadyCommitted(winner.Version),
            _ when theirs.Version > ours.Version => new CommitResult.Superseded(winner.Version, theirs.Version),
            _ => null,
        };
    }

    private static (ConflictKind Kind, string Reason)? Kind(Commit winner, CommitProposal proposal, bool isCreation)
    {
        if (isCreation)
        {
            return (ConflictKind.TableCreated, "was made by another writer while this one created the table");
        }

        if (winner.Protocol is not null)
        {
            return (ConflictKind.ProtocolChanged, "changed the table's protocol");
        }

        if (winner.Metadata is not null)
        {
            return (ConflictKind.MetadataChanged, "changed the table's metadata");
        }

        return OfDomains(winner, proposal) ?? OfFiles(winner, proposal);
    }

    private static (ConflictKind Kind, string Reason)? OfDomains(Commit winner, CommitProposal proposal)
    {
        var ours = proposal.Actions.OfType<DomainMetadata>().Select(domain => domain.Domain).ToHashSet(StringComparer.Ordinal);
        var shared = winner.Actions.OfType<DomainMetadata>().FirstOrDefault(domain => ours.Contains(domain.Domain));
        return shared is null ? null : (ConflictKind.DomainChanged, $"set the metadata of domain {shared.Domain}");
    }

    private static (ConflictKind Kind, string Reason)? OfFiles(Commit winner, CommitProposal proposal)
    {
        var removed = proposal.Actions.OfType<RemoveFile>()
            .Select(remove => (Path: LogPath.Identity(remove.Path), Id: remove.DeletionVector?.UniqueId))
            .ToHashSet();
        foreach (var action in winner.Actions)
        {
            switch (action)
            {
                case AddFile { DataChange: true } add when proposal.Reads.Covers(add.PartitionValues):
                    return (ConflictKind.ConcurrentAppend, $"added files to partition {add.PartitionValues}, which was read");
                case RemoveFile remove when removed.Contains((LogPath.Identity(remove.Path), remove.DeletionVector?.UniqueId)):
                    return (ConflictKind.ConcurrentDeleteDelete, $"removed file {remove.Path}, which this commit removes too");
                case RemoveFile remove when proposal.Reads.Covers(remove.PartitionValues):
                    return (ConflictKind.ConcurrentDeleteRead, $"removed file {remove.Path}, which was read");
                default:
                    break;
            }
        }

        return null;
    }
}

namespace Latecomer.DeltaLog;

/// <summary>Reads log compaction files (PROTOCOL.md, "Log Compaction Files"): the reconciled actions of a range of commits. Good for snapshots only; they are
/// never commits.</summary>
internal static class CompactionReader
{
    /// <summary>The actions; null when the file is gone, is broken, or says two things of one file, for then nothing tells which one came last.</summary>
    internal static async ValueTask<IReadOnlyList<DeltaAction>?> TryRead(ILogStore log, LogFile.Compaction file, ActionDetail detail, CancellationToken cancellation)
    {
        using var bytes = await log.TryRead(file.Name, cancellation);
        if (bytes is null)
        {
            return null;
        }

        var parsed = new ParsedActions();
        try
        {
            ActionParser.Parse(new ActionFile(log.Location, file.Name, "compaction file", DeltaErrorClass.CorruptCommit), bytes.Memory.Span, detail, parsed);
        }
        catch (DeltaException)
        {
            return null;
        }

        return IsReconciled(parsed.Actions) ? parsed.Actions : null;
    }

    private static bool IsReconciled(List<DeltaAction> actions)
    {
        var seen = new HashSet<(string Kind, string Name, string? Id)>();
        return actions.TrueForAll(action => action switch
        {
            AddFile add => seen.Add(("file", LogPath.Identity(add.Path), add.DeletionVector?.UniqueId)),
            RemoveFile remove => seen.Add(("file", LogPath.Identity(remove.Path), remove.DeletionVector?.UniqueId)),
            SetTransaction transaction => seen.Add(("txn", transaction.AppId, null)),
            DomainMetadata domain => seen.Add(("domain", domain.Domain, null)),
            Metadata => seen.Add(("metaData", "", null)),
            Protocol => seen.Add(("protocol", "", null)),
            _ => true,
        });
    }
}

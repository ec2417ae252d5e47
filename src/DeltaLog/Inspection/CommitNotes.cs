namespace Latecomer.DeltaLog;

/// <summary>What is odd about a commit, in sentences for people: writers that leave things out or say them twice.</summary>
internal static class CommitNotes
{
    internal static IReadOnlyList<string> Of(Commit commit, SnapshotState? before, Metadata? metadata)
    {
        var notes = new List<string>();
        var seen = new HashSet<(bool IsAdd, string Path, string? Id)>();
        var isPartitioned = before?.Metadata is { PartitionColumns.Count: > 0 } || metadata is { PartitionColumns.Count: > 0 };
        foreach (var action in commit.Actions)
        {
            switch (action)
            {
                case AddFile add when !seen.Add((true, LogPath.Identity(add.Path), add.DeletionVector?.UniqueId)):
                    notes.Add("same (path,dv) added twice in one commit");
                    break;
                case RemoveFile remove:
                    if (!seen.Add((false, LogPath.Identity(remove.Path), remove.DeletionVector?.UniqueId)))
                    {
                        notes.Add("same (path,dv) removed twice in one commit");
                    }

                    notes.AddRange(Of(remove, before, isPartitioned, metadata is not null));
                    break;
                default:
                    break;
            }
        }

        if (seen.Any(file => !file.IsAdd && seen.Contains(file with { IsAdd = true })))
        {
            notes.Add("same (path,dv) added and removed in one commit");
        }

        return [.. notes.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Of(RemoveFile remove, SnapshotState? before, bool isPartitioned, bool isDefined)
    {
        var prior = before?.Files.Find(remove.Path, remove.DeletionVector?.UniqueId) ?? before?.Files.FindAny(remove.Path);
        if (remove.PartitionValues is null || (remove.PartitionValues.Count == 0 && isPartitioned))
        {
            if (prior is not null)
            {
                yield return "remove without partitionValues: resolved from the matching add";
            }
            else if (isPartitioned || !isDefined)
            {
                yield return "remove without partitionValues and without a matching add: partition unknown";
            }
        }

        if (prior is null && before is not null)
        {
            yield return "remove of a file that is not active before the commit";
        }
    }
}

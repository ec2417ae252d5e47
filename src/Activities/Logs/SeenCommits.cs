using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>What a log says, in the words of the watcher.</summary>
internal static class SeenCommits
{
    /// <summary>A commit with some of its changes. A commit of ours names its pipeline and run in its tags.</summary>
    internal static CommitSeen Of(CommitChanges commit, ImmutableArray<PartitionSeen> changes)
    {
        var tags = commit.CommitInfo?.Tags;
        var isOurs = PipelineName.TryParse(tags?.GetValueOrDefault(CommitTags.Pipeline), provider: null, out var pipeline);
        var hasRun = RunId.TryParse(tags?.GetValueOrDefault(CommitTags.RunId), provider: null, out var run);
        return new CommitSeen(
            commit.Version,
            commit.CommitTime ?? DateTimeOffset.UnixEpoch,
            isOurs ? pipeline : null,
            isOurs && hasRun ? run : null,
            changes);
    }

    /// <summary>A commit's changes by partition, in an order that is the same at every read. What was removed from a partition that nothing
    /// tells comes last and has no values, so that it is listed as changing no date instead of being lost.</summary>
    internal static ImmutableArray<PartitionSeen> ChangesOf(CommitChanges commit, ColumnMapping mapping)
    {
        var changes = commit.Partitions.Select(change => Of(change, mapping));
        return [.. commit.UnknownPartition is { } unknown ? changes.Append(Of(unknown with { Partition = PartitionValues.None }, mapping)) : changes];
    }

    /// <summary>Values as the actors have them: by the columns of the schema, null and <c>""</c> alike as null.</summary>
    internal static ImmutableSortedDictionary<string, string?> ValuesOf(PartitionValues partition, ColumnMapping mapping) =>
        mapping.ToLogical(partition).ToImmutableSortedDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);

    /// <summary>Why following stopped.</summary>
    internal static TableProblem ProblemOf(FollowResult.Stopped stopped)
    {
        // Where readers of Delta have a name for it, people can look it up; the rest happens only to those who follow.
        var name = stopped.Reason is FollowStop.Unsupported or FollowStop.Corrupt or FollowStop.NotFound
            ? stopped.Class.ToString()
            : stopped.Reason.ToString();
        return new TableProblem(name, stopped.Message);
    }

    /// <summary>Why a table cannot be read.</summary>
    internal static TableProblem ProblemOf(DeltaException error) => new(error.Class.ToString(), error.Message);

    private static PartitionSeen Of(PartitionChange change, ColumnMapping mapping) => new(
        ValuesOf(change.Partition, mapping),
        change.Added.Files + change.RearrangedAdded.Files,
        change.Removed.Files + change.RearrangedRemoved.Files,
        change.Added.LiveRows,
        change.Added.Bytes,
        change.IsDataChange);
}

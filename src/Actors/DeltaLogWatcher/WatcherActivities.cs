using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>Reads commits after a place in a table's log, at most so many partitions' changes.</summary>
/// <param name="Table">The table.</param>
/// <param name="TableId">Its id as last read; null at first. Another id is a <see cref="TableProblem"/>.</param>
/// <param name="After">Where to go on.</param>
/// <param name="Limit">How many partitions' changes at the most.</param>
public sealed record ReadCommits(TablePath Table, string? TableId, LogCursor After, int Limit)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "read_commits";
}

/// <summary>What was read.</summary>
/// <param name="TableId">The table's id.</param>
/// <param name="Commits">The commits, in order; the last may be a part of one.</param>
/// <param name="Cursor">Where the next read goes on.</param>
/// <param name="AtEnd">Whether this was the log's end when it was read.</param>
/// <param name="Problem">Why the log cannot be followed beyond that; null if it can.</param>
public sealed record CommitsRead(string? TableId, ImmutableArray<CommitSeen> Commits, LogCursor Cursor, bool AtEnd, TableProblem? Problem);

/// <summary>A commit, or a part of one.</summary>
/// <param name="Version">Its version.</param>
/// <param name="At">When it was made, by the log.</param>
/// <param name="Pipeline">The pipeline whose run made it; null if none of ours did.</param>
/// <param name="Run">That run.</param>
/// <param name="Changes">Its changes by partition.</param>
public sealed record CommitSeen(long Version, DateTimeOffset At, PipelineName? Pipeline, RunId? Run, ImmutableArray<PartitionSeen> Changes);

/// <summary>What a commit did to one partition.</summary>
/// <param name="Values">The partition's columns and values, null and "" alike as null; empty if the table has no partitions or the log does not tell.</param>
/// <param name="FilesAdded">Files added, whether data or rearrangement.</param>
/// <param name="FilesRemoved">Files removed, likewise.</param>
/// <param name="Rows">Rows added with data change.</param>
/// <param name="Bytes">Bytes added with data change.</param>
/// <param name="DataChange">Whether any of it changed data.</param>
public sealed record PartitionSeen(ImmutableSortedDictionary<string, string?> Values, int FilesAdded, int FilesRemoved, long Rows, long Bytes, bool DataChange);

/// <summary>Reads what each partition of a table holds at a version.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Offset">How many partitions, in the ordinal order of their values, were read before.</param>
/// <param name="Limit">How many at the most.</param>
public sealed record ReadBaseline(TablePath Table, long? Version, int Offset, int Limit)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "read_baseline";
}

/// <summary>What was read.</summary>
/// <param name="TableId">The table's id.</param>
/// <param name="Version">The version that was read.</param>
/// <param name="Partitions">The partitions.</param>
/// <param name="AtEnd">Whether there are no more.</param>
/// <param name="Problem">Why it cannot be read; null if it was.</param>
/// <param name="Fingerprint">What that version's commit looks like, for <see cref="LogCursor"/>.</param>
public sealed record BaselineRead(
    string TableId, long Version, ImmutableArray<PartitionBaseline> Partitions, bool AtEnd, TableProblem? Problem, string? Fingerprint = null);

/// <summary>What a partition holds.</summary>
/// <param name="Values">Its columns and values.</param>
/// <param name="Files">How many files.</param>
/// <param name="Rows">How many rows, as far as known.</param>
/// <param name="LastChange">The version of its last data change, or a later one if that is no longer known.</param>
/// <param name="At">When that was, by the log.</param>
public sealed record PartitionBaseline(ImmutableSortedDictionary<string, string?> Values, int Files, long Rows, long LastChange, DateTimeOffset At);

/// <summary>Waits until a table's log has a version above one; its output is empty.</summary>
public sealed record AwaitCommit(TablePath Table, long After)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "await_commit";
}

/// <summary>The output of an activity that has nothing to say.</summary>
public sealed record Done
{
    /// <summary>The one value.</summary>
    public static Done Value { get; } = new();
}

using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What the watcher of a table remembers.</summary>
/// <param name="TableId">The table's id; null before it was first read.</param>
/// <param name="Cursor">How far the log has been passed on.</param>
/// <param name="Subscriptions">The pipelines that read the table.</param>
/// <param name="Reading">The read that is under way, if any. Reads are numbered; there is one at a time.</param>
/// <param name="ReadsStarted">The number of the read started last.</param>
/// <param name="Waiting">Who waits until the log was read to its end, by a read that began after they asked.</param>
/// <param name="Syncs">Who waits until every change up to a version was acknowledged.</param>
/// <param name="Unacknowledged">By version: how many of the changes sent were not yet acknowledged.</param>
/// <param name="Awaiting">Whether the activity that waits for the log to grow is under way.</param>
/// <param name="Problem">Why the watcher has stopped; null while it follows.</param>
public sealed record WatcherState(
    string? TableId,
    LogCursor Cursor,
    ImmutableList<Subscription> Subscriptions,
    WatcherRead? Reading,
    long ReadsStarted,
    ImmutableList<CatchUp> Waiting,
    ImmutableList<PendingSync> Syncs,
    ImmutableSortedDictionary<long, int> Unacknowledged,
    bool Awaiting,
    TableProblem? Problem)
{
    /// <summary>Nothing read, nobody asking.</summary>
    public static WatcherState Empty { get; } = new(
        TableId: null, LogCursor.Beginning, [], Reading: null, ReadsStarted: 0, [], [], ImmutableSortedDictionary<long, int>.Empty, Awaiting: false, Problem: null);

    /// <summary>Whether something is known, and nobody is left who reads the table, or asks of it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsIdle => Subscriptions.IsEmpty && Waiting.IsEmpty && Syncs.IsEmpty && Unacknowledged.IsEmpty && (TableId is not null || Problem is not null);

    /// <summary>The subscription whose baseline has not been sent to its end; null if there is none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Subscription? Unbaselined => Subscriptions.Find(s => !s.Baselined);
}

/// <summary>A place in a log: all commits up to a version, and the first changes of the next one.</summary>
/// <param name="Version">The last version that was passed on whole; -1 for none.</param>
/// <param name="Offset">How many partitions' changes of the version after it were passed on.</param>
/// <param name="Fingerprint">What that version's commit looked like: a table that was recreated is noticed even when its new log is as long. Null if unknown.</param>
public readonly record struct LogCursor(long Version, int Offset, string? Fingerprint = null)
{
    /// <summary>Before version 0.</summary>
    public static LogCursor Beginning { get; } = new(-1, 0);
}

/// <summary>A pipeline that reads the table.</summary>
/// <param name="Pipeline">Its name.</param>
/// <param name="Input">How it reads the table.</param>
/// <param name="Schedule">Its schedule.</param>
/// <param name="Start">Its first date: changes that affect only earlier ones are nobody's.</param>
/// <param name="Baselined">Whether what the table holds already was passed on.</param>
/// <param name="BaselineOffset">How many of its partitions were.</param>
public sealed record Subscription(
    PipelineName Pipeline, PipelineInput Input, Schedule Schedule, LogicalDate Start, bool Baselined, int BaselineOffset);

/// <summary>A read under way.</summary>
/// <param name="Number">Its number.</param>
/// <param name="BaselineOf">The pipeline whose baseline it reads; null for a read of commits.</param>
public sealed record WatcherRead(long Number, PipelineName? BaselineOf);

/// <summary>Somebody who waits for the log's end.</summary>
/// <param name="By">Who.</param>
/// <param name="Run">The run that the answer is for; null for the backfill singleton's.</param>
/// <param name="Step">What they told to recognise the answer by.</param>
/// <param name="FromRead">Reads below this number began before they asked.</param>
/// <param name="Request">The caller's request that is to be answered; null for an actor's.</param>
public sealed record CatchUp(ActorId By, RunId? Run, long Step, long FromRead, RequestId? Request = null);

/// <summary>Somebody who waits for acknowledgements.</summary>
/// <param name="By">Who.</param>
/// <param name="Step">What they told to recognise the answer by.</param>
/// <param name="Version">Up to which version.</param>
/// <param name="Request">The caller's request that is to be answered; null for an actor's.</param>
public sealed record PendingSync(ActorId By, long Step, long Version, RequestId? Request = null);

/// <summary>Why a log cannot be followed.</summary>
/// <param name="Class">The kind of fault.</param>
/// <param name="Message">What, where, and what to do, for people.</param>
public sealed record TableProblem(string Class, string Message);

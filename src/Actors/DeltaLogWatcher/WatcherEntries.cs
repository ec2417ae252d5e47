using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What happens to the watcher of a table.</summary>
public abstract record WatcherEntry
{
    private WatcherEntry()
    {
    }

    /// <summary>A pipeline reads the table.</summary>
    public sealed record SubscriptionMade(Subscription Subscription) : WatcherEntry;

    /// <summary>A pipeline reads the table no more; whoever of it waited, waits no more, but for all that was sent to be acknowledged.</summary>
    public sealed record SubscriptionEnded(PipelineName Pipeline, PendingSync Sync) : WatcherEntry;

    /// <summary>Nobody reads the table any more: what is known of it is forgotten.</summary>
    public sealed record Forgotten : WatcherEntry;

    /// <summary>A part of what the table holds was passed on to a pipeline.</summary>
    public sealed record BaselineSent(PipelineName Pipeline, string TableId, LogCursor Cursor, int Partitions, bool Complete) : WatcherEntry;

    /// <summary>A read began.</summary>
    public sealed record ReadStarted(long Number, PipelineName? BaselineOf) : WatcherEntry;

    /// <summary>A read ended without getting the cursor on.</summary>
    public sealed record ReadOver : WatcherEntry;

    /// <summary>Commits were passed on, as far as the cursor says.</summary>
    public sealed record CommitsPassedOn(string TableId, LogCursor Cursor) : WatcherEntry;

    /// <summary>Changes of a version were sent and not yet acknowledged.</summary>
    public sealed record ChangesSent(long Version, int Count) : WatcherEntry;

    /// <summary>One of them was acknowledged.</summary>
    public sealed record ChangeReached(long Version) : WatcherEntry;

    /// <summary>Somebody waits for the log's end.</summary>
    public sealed record CatchUpAsked(CatchUp CatchUp) : WatcherEntry;

    /// <summary>Somebody was answered, or waits for acknowledgements now.</summary>
    public sealed record CatchUpOver(ActorId By, RunId? Run, long Step, PendingSync? Sync, RequestId? Request = null) : WatcherEntry;

    /// <summary>A sync was answered.</summary>
    public sealed record SyncOver(ActorId By, long Step, RequestId? Request = null) : WatcherEntry;

    /// <summary>Waiting for the log to grow began.</summary>
    public sealed record WaitStarted : WatcherEntry;

    /// <summary>Waiting for the log to grow ended.</summary>
    public sealed record WaitOver : WatcherEntry;

    /// <summary>The log cannot be followed.</summary>
    public sealed record Stopped(TableProblem Problem) : WatcherEntry;

    /// <summary>It can again.</summary>
    public sealed record Resumed : WatcherEntry;
}

namespace Latecomer.Runtime;

/// <summary>How a node runs. The defaults are right for production; tests shorten them.</summary>
public sealed record RuntimeSettings
{
    /// <summary>So long that its end is not reached: a thousand years.</summary>
    public static TimeSpan ForEver { get; } = TimeSpan.FromDays(365_000);

    /// <summary>How often a node renews its life.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node lives without renewing.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long before its life ends a node that could not renew stops by itself.</summary>
    public TimeSpan WatchdogMargin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Turns of one batch at most.</summary>
    public int BatchTurns { get; init; } = 128;

    /// <summary>How long turns are added to a batch.</summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Messages of one actor in one batch at most, so that a hot actor leaves room for the others of its shard.</summary>
    public int BatchTurnsPerActor { get; init; } = 32;

    /// <summary>How long the shards of a node that died take requests from their mailboxes alone, where attempts are counted: what ended it may be asked again.</summary>
    public TimeSpan MailboxOnlyAfterDeath { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Shards whose batches a node runs at once: a store lets those that are ready together share a transaction.</summary>
    public int ShardsAtOnce { get; init; } = 64;

    /// <summary>Activities that a node runs at once, without those that only wait.</summary>
    public int ActivitiesAtOnce { get; init; } = 16;

    /// <summary>How long a node that stops waits for its activities before it asks them to stop, and then again for their end.</summary>
    public TimeSpan ActivityGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest time between two polls behind the hints.</summary>
    public TimeSpan PollMin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest.</summary>
    public TimeSpan PollMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often placement is looked at when nothing hints that it changed.</summary>
    public TimeSpan AllocationInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time between two rounds while shards are still to be moved.</summary>
    public TimeSpan AllocationPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an idle actor stays in memory.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Actors of one shard that stay in memory at most; those idle longest leave first.</summary>
    public int ActiveActorsPerShard { get; init; } = 1024;

    /// <summary>How long the reply to a request is kept at least for the same id to be asked again: after it was asked, and after it was answered.</summary>
    public TimeSpan RepliesKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long journal entries are kept at least.</summary>
    public TimeSpan JournalKept { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long rows of projections are kept at least after a turn retired them.</summary>
    public TimeSpan HistoryKept { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often a node looks for what it need not keep any more.</summary>
    public TimeSpan HousekeepingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages that may wait in the whole cluster; while there are more, edges take no requests. What actors send each other is never refused.</summary>
    public int MostWaiting { get; init; } = 100_000;

    /// <summary>Requests that one edge waits for at once; more are refused.</summary>
    public int RequestsAtOnce { get; init; } = 10_000;
}

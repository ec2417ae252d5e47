using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What the watcher of a table is told.</summary>
public abstract record WatcherMessage
{
    private WatcherMessage()
    {
    }

    /// <summary>A pipeline reads the table from now on. Dates beyond its end are told as well: the end may be moved. Answered by <see cref="PipelineMessage.Subscribed"/> once what the table holds was passed on.</summary>
    public sealed record Subscribe(PipelineName Pipeline, PipelineInput Input, Schedule Schedule, LogicalDate Start) : WatcherMessage;

    /// <summary>A pipeline does not read the table any more. Answered by <see cref="PipelineMessage.Unsubscribed"/> once all that its partitions were told has reached them.</summary>
    public sealed record Unsubscribe(PipelineName Pipeline) : WatcherMessage;

    /// <summary>A run asks which version is the newest now. Answered by <see cref="PartitionMessage.Pinned"/> or <see cref="PartitionMessage.PinFailed"/>.</summary>
    public sealed record PinRequested(ActorId By, RunId Run, long Step) : WatcherMessage;

    /// <summary>The backfill singleton asks to know of every change up to the newest version, or a pipeline asks that all know whom they concern. Answered by
    /// <see cref="BackfillMessage.Synced"/> or <see cref="BackfillMessage.SyncFailed"/>, or those of <see cref="PipelineMessage"/>.</summary>
    public sealed record SyncRequested(ActorId By, long Step) : WatcherMessage;

    /// <summary>A caller asks to be answered once every change up to the newest version is known to all whom it concerns. Also a watcher that has stopped looks at
    /// once.</summary>
    public sealed record Sync(RequestId Request) : WatcherMessage;

    /// <summary>A change that was sent has reached everybody whom it concerns.</summary>
    public sealed record ChangeAcknowledged(long Version) : WatcherMessage;

    /// <summary>The read under way ended.</summary>
    public sealed record ReadEnded(ActivityEnded Activity) : WatcherMessage;

    /// <summary>The log has grown, or waiting for that failed.</summary>
    public sealed record WaitEnded(ActivityEnded Activity) : WatcherMessage;

    /// <summary>It is time to try again.</summary>
    public sealed record RetryDue : WatcherMessage;
}

/// <summary>The reply to <see cref="WatcherMessage.Sync"/>.</summary>
/// <param name="Version">The version up to which every change is known.</param>
public sealed record SyncReply(long Version);

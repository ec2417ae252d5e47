using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What a pipeline is told.</summary>
public abstract record PipelineMessage
{
    private PipelineMessage()
    {
    }

    /// <summary>A person gives the pipeline's definition. Answered by an <see cref="ApplyReply"/> once it is checked and durable.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Definition">The definition.</param>
    /// <param name="Paused">Whether the pipeline begins paused; means nothing for one that is there.</param>
    public sealed record Apply(
        RequestId Request, PipelineDefinition Definition, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Paused = false) : PipelineMessage, IAsked;

    /// <summary>The definition was checked against its tables.</summary>
    public sealed record Checked(ActivityEnded Activity) : PipelineMessage;

    /// <summary>Whose the folder of configuration files is.</summary>
    public sealed record FolderAnswered(PipelineName Owner) : PipelineMessage;

    /// <summary>What a table holds was passed on to the pipeline's partitions.</summary>
    public sealed record Subscribed(TablePath Table) : PipelineMessage;

    /// <summary>It is time to look at the schedule.</summary>
    public sealed record ScheduleDue : PipelineMessage;

    /// <summary>The scheduled run of a date has marked.</summary>
    public sealed record ScheduledMarked(LogicalDate Date) : PipelineMessage;

    /// <summary>A run wants a slot.</summary>
    public sealed record SlotRequested(LogicalDate Date, RunId Run, RunKind Kind, long Step) : PipelineMessage;

    /// <summary>A run wants none any more, or gives its back.</summary>
    public sealed record SlotReleased(RunId Run) : PipelineMessage;

    /// <summary>A claim triggered a run.</summary>
    public sealed record BackfillCreated(RunId Run) : PipelineMessage;

    /// <summary>A run ended.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Kind">Why it existed.</param>
    /// <param name="Date">Its date; null from builds that did not say it.</param>
    /// <param name="State">How; likewise.</param>
    /// <param name="Backfill">The number of the backfill of a range that made it; null if none did.</param>
    public sealed record RunEnded(RunId Run, RunKind Kind, LogicalDate? Date = null, RunState? State = null, long? Backfill = null) : PipelineMessage;

    /// <summary>A person pauses the pipeline. Answered by its <see cref="PipelineRow"/>.</summary>
    public sealed record Pause(RequestId Request) : PipelineMessage, IAsked;

    /// <summary>A person ends its pause. Answered by its <see cref="PipelineRow"/>.</summary>
    public sealed record Unpause(RequestId Request) : PipelineMessage, IAsked;

    /// <summary>A person deletes the pipeline. Answered by a <see cref="DeleteReply"/> once nothing is left of it.</summary>
    public sealed record Delete(RequestId Request) : PipelineMessage, IAsked;

    /// <summary>A date says what stands in the way of deleting the pipeline; null if nothing does.</summary>
    public sealed record DeleteAnswered(long Number, LogicalDate Date, string? Hindrance) : PipelineMessage;

    /// <summary>A table is not read for the pipeline any more, and what its partitions were told of it has reached them.</summary>
    public sealed record Unsubscribed(TablePath Table) : PipelineMessage;

    /// <summary>A date has forgotten all; nothing that it said before is on its way here, or to the singleton by whose way this came.</summary>
    public sealed record PartitionForgotten(LogicalDate Date) : PipelineMessage;

    /// <summary>A singleton, or the configuration folder, has forgotten the pipeline.</summary>
    public sealed record PartForgotten : PipelineMessage;

    /// <summary>Keys of a projection were listed.</summary>
    public sealed record RowsListed(ActivityEnded Activity) : PipelineMessage;

    /// <summary>A person wants runs for a range of dates. Answered by a <see cref="CreateBackfillReply"/> once all dates were asked.</summary>
    public sealed record CreateBackfill(
        RequestId Request, DateRange Dates, ReprocessBehavior Behavior, bool Backwards, int MaxActive, bool DryRun) : PipelineMessage, IAsked;

    /// <summary>A date says whether it wants a run of a backfill of a range.</summary>
    public sealed record BackfillAnswered(long Number, LogicalDate Date, bool Wanted) : PipelineMessage;

    /// <summary>A run of a backfill of a range exists, or its date does not want it any more.</summary>
    public sealed record BackfillRunMade(long Number, LogicalDate Date, bool Made) : PipelineMessage;

    /// <summary>A person lets a backfill of a range make no more runs. Answered by its <see cref="BackfillRow"/>.</summary>
    public sealed record PauseBackfill(RequestId Request, long Number) : PipelineMessage, IAsked;

    /// <summary>A person lets it go on. Answered by its <see cref="BackfillRow"/>.</summary>
    public sealed record UnpauseBackfill(RequestId Request, long Number) : PipelineMessage, IAsked;

    /// <summary>A person ends it, and its runs. Answered by its <see cref="BackfillRow"/> once they have ended.</summary>
    public sealed record CancelBackfill(RequestId Request, long Number) : PipelineMessage, IAsked;

    /// <summary>A person says what was processed elsewhere, before the pipeline makes its first run. Answered by an <see cref="AdoptReply"/> once all dates know.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Through">All dates up to this one; null if a table of states says which.</param>
    /// <param name="Versions">At which version of each input, with an empty table id if it is the table's own; of none if a table of states says that.</param>
    /// <param name="StateTable">The table of states.</param>
    /// <param name="DryRun">Only say what would be taken over.</param>
    public sealed record Adopt(RequestId Request, LogicalDate? Through, Pin Versions, TablePath? StateTable, bool DryRun) : PipelineMessage, IAsked;

    /// <summary>A table of states was read, or could not be.</summary>
    public sealed record StatesRead(ActivityEnded Activity) : PipelineMessage;

    /// <summary>All whom they concern know of the changes of a table up to a version, its newest.</summary>
    public sealed record Synced(long Step, TablePath Table, TablePin Newest) : PipelineMessage;

    /// <summary>A table cannot be read.</summary>
    public sealed record SyncFailed(long Step, string Reason) : PipelineMessage;

    /// <summary>A date says whether it can be taken over, and what that would mean.</summary>
    public sealed record AdoptAnswered(long Number, LogicalDate Date, string? Refusal, bool IsNew, bool IsLate) : PipelineMessage;

    /// <summary>A date was taken over, and the backfill singleton knows whether it is late.</summary>
    public sealed record DateAdopted(long Number, LogicalDate Date, bool IsNew, bool IsLate) : PipelineMessage;

    /// <summary>A person asks for a run of a date. Answered by a <see cref="TriggerReply"/>.</summary>
    public sealed record Trigger(RequestId Request, LogicalDate Date) : PipelineMessage, IAsked;

    /// <summary>A run that something else runs wants to mark a date. Passed on to its partition, which answers.</summary>
    public sealed record MarkAsProcessing(RequestId Request, LogicalDate Date, RunId Run, int Try) : PipelineMessage, IAsked;

    /// <summary>Such a run wants the late partitions before its date. Passed on likewise.</summary>
    public sealed record CreateFromLate(RequestId Request, LogicalDate Date, RunId Run, int Try) : PipelineMessage, IAsked;

    /// <summary>A person clears tasks. Answered by a <see cref="ClearReply"/> once every run has taken it.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Date">The date of the run.</param>
    /// <param name="Run">The run; null for the scheduled one.</param>
    /// <param name="TaskId">The task; null for all.</param>
    /// <param name="Past">Also the scheduled runs of all earlier dates.</param>
    /// <param name="Future">Also those of all later dates.</param>
    /// <param name="Upstream">Also the tasks that the task needs.</param>
    /// <param name="Downstream">Also those that need it.</param>
    /// <param name="DryRun">Only say what would be cleared.</param>
    /// <param name="OnlyFailed">Only task instances that did not come to a good end, in runs that have ended.</param>
    public sealed record Clear(
        RequestId Request, LogicalDate Date, RunId? Run, string? TaskId, bool Past, bool Future, bool Upstream, bool Downstream, bool DryRun,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OnlyFailed = false) : PipelineMessage, IAsked;

    /// <summary>A run says what of a selection has failed in it; no tasks if nothing has, or there is no such run.</summary>
    public sealed record FailuresFound(long Number, LogicalDate Date, bool Found, ImmutableSortedSet<TaskKind> Tasks) : PipelineMessage;

    /// <summary>A singleton has put back what is being cleared.</summary>
    public sealed record OrderReset(long Number) : PipelineMessage;

    /// <summary>A run has taken a clear, or refuses it, or there is no such run.</summary>
    /// <param name="Number">The clear.</param>
    /// <param name="Found">Whether there is such a run.</param>
    /// <param name="Reopened">Whether it had ended, and goes on.</param>
    /// <param name="Refusal">Why it refuses; null if it does not.</param>
    /// <param name="Backfill">The number of the backfill of a range that made it; null if none did.</param>
    /// <param name="Succeeded">Whether it had succeeded.</param>
    public sealed record TasksCleared(
        long Number, bool Found, bool Reopened, string? Refusal = null, long? Backfill = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Succeeded = false) : PipelineMessage;

    /// <summary>There are more runs to tell of a clear.</summary>
    public sealed record ClearOn(long Number) : PipelineMessage;
}

/// <summary>What people and other systems ask, and are answered.</summary>
internal interface IAsked
{
    /// <summary>Whom the answer goes to.</summary>
    RequestId Request { get; }
}

/// <summary>The reply to <see cref="PipelineMessage.Apply"/>.</summary>
/// <param name="Definition">The definition that is in force.</param>
/// <param name="Changed">Whether the request changed anything.</param>
public sealed record ApplyReply(PipelineDefinition Definition, bool Changed);

/// <summary>The reply to <see cref="PipelineMessage.Trigger"/>.</summary>
public sealed record TriggerReply(RunId Run, LogicalDate Date);

/// <summary>The reply to <see cref="PipelineMessage.Clear"/>.</summary>
/// <param name="TaskInstances">How many task instances are affected.</param>
/// <param name="Runs">How many runs.</param>
/// <param name="From">The first date.</param>
/// <param name="To">The last date.</param>
/// <param name="TaskIds">The tasks of each run.</param>
public sealed record ClearReply(long TaskInstances, long Runs, LogicalDate From, LogicalDate To, ImmutableArray<string> TaskIds);

/// <summary>The reply to <see cref="PipelineMessage.Delete"/>.</summary>
public sealed record DeleteReply;

/// <summary>The reply to <see cref="PipelineMessage.CreateBackfill"/>.</summary>
/// <param name="Backfill">The backfill; null of a dry run.</param>
/// <param name="Dates">The dates that get a run, in their order; at most <see cref="MostDates"/>.</param>
/// <param name="Planned">How many they are.</param>
/// <param name="Skipped">How many dates are passed over.</param>
public sealed record CreateBackfillReply(BackfillRow? Backfill, ImmutableArray<LogicalDate> Dates, int Planned, int Skipped)
{
    /// <summary>How many dates are named.</summary>
    public const int MostDates = 1000;
}

/// <summary>The reply to <see cref="PipelineMessage.Adopt"/>.</summary>
/// <param name="Adopted">How many dates count as processed that did not before.</param>
/// <param name="Late">How many of all that were said are late.</param>
/// <param name="NextDate">The date of the next scheduled run.</param>
public sealed record AdoptReply(long Adopted, long Late, LogicalDate NextDate);

/// <summary>Checks a definition against its tables: that they are Delta tables which can be followed, partitioned by the columns that it names.</summary>
public sealed record CheckPipeline(PipelineDefinition Definition)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "check_pipeline";
}

/// <summary>What the check found.</summary>
/// <param name="Fault">What is wrong, for people; null if nothing is.</param>
public sealed record PipelineCheck(string? Fault);

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
    public sealed record Apply(RequestId Request, PipelineDefinition Definition) : PipelineMessage;

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
    public sealed record RunEnded(RunId Run, RunKind Kind) : PipelineMessage;

    /// <summary>A person asks for a run of a date. Answered by a <see cref="TriggerReply"/>.</summary>
    public sealed record Trigger(RequestId Request, LogicalDate Date) : PipelineMessage;

    /// <summary>A run that something else runs wants to mark a date. Passed on to its partition, which answers.</summary>
    public sealed record MarkAsProcessing(RequestId Request, LogicalDate Date, RunId Run, int Try) : PipelineMessage;

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
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OnlyFailed = false) : PipelineMessage;

    /// <summary>A run says what of a selection has failed in it; no tasks if nothing has, or there is no such run.</summary>
    public sealed record FailuresFound(long Number, LogicalDate Date, bool Found, ImmutableSortedSet<TaskKind> Tasks) : PipelineMessage;

    /// <summary>A singleton has put back what is being cleared.</summary>
    public sealed record OrderReset(long Number) : PipelineMessage;

    /// <summary>A run has taken a clear, or refuses it, or there is no such run.</summary>
    public sealed record TasksCleared(long Number, bool Found, bool Reopened, string? Refusal = null) : PipelineMessage;

    /// <summary>There are more runs to tell of a clear.</summary>
    public sealed record ClearOn(long Number) : PipelineMessage;
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

/// <summary>Checks a definition against its tables: that they are Delta tables which can be followed, partitioned by the columns that it names.</summary>
public sealed record CheckPipeline(PipelineDefinition Definition)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "check_pipeline";
}

/// <summary>What the check found.</summary>
/// <param name="Fault">What is wrong, for people; null if nothing is.</param>
public sealed record PipelineCheck(string? Fault);

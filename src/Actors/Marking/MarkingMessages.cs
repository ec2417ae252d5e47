using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>What the marking singleton is told.</summary>
public abstract record MarkingMessage
{
    private MarkingMessage()
    {
    }

    /// <summary>A run wants to mark. Without a slot it only asks whether the date before is marked (<see cref="PartitionMessage.MarkReady"/>); with
    /// one it asks for the turn (<see cref="PartitionMessage.MarkTurn"/>).</summary>
    public sealed record MarkRequested(
        LogicalDate Date, RunId Run, RunKind Kind, long Step, long ClearNumber, LogicalDate? Predecessor, Schedule Schedule, bool HasSlot) : MarkingMessage;

    /// <summary>The run whose turn it was has marked, or could not.</summary>
    public sealed record MarkEnded(LogicalDate Date, RunId Run, RunKind Kind, long ClearNumber, bool Succeeded) : MarkingMessage;

    /// <summary>A run does not want to mark any more. Without a date, as ours: their ids are those of one date.</summary>
    public sealed record MarkAbandoned(RunId Run, LogicalDate? Date = null) : MarkingMessage;

    /// <summary>These dates were processed elsewhere: their marks count as done.</summary>
    public sealed record MarksAdopted(DateRange Dates, Schedule Schedule) : MarkingMessage;

    /// <summary>A date of a pipeline that is deleted says no more. Passed on to the pipeline.</summary>
    public sealed record PartitionForgotten(LogicalDate Date) : MarkingMessage;

    /// <summary>The pipeline is deleted, and none of its partitions says anything any more. Answered by <see cref="PipelineMessage.PartForgotten"/>.</summary>
    public sealed record Forget : MarkingMessage;

    /// <summary>The marks of these dates are not done: they are being cleared. Answered by <see cref="PipelineMessage.OrderReset"/>.</summary>
    public sealed record ResetMarks(DateRange Dates, long Number, Schedule Schedule) : MarkingMessage;
}

/// <summary>What happens to the marks of a pipeline.</summary>
public abstract record MarkingEntry
{
    private MarkingEntry()
    {
    }

    /// <summary>A run waits for the date before.</summary>
    public sealed record Waiting(MarkingMessage.MarkRequested Request) : MarkingEntry;

    /// <summary>A run waits for its turn.</summary>
    public sealed record Queued(MarkingMessage.MarkRequested Request) : MarkingEntry;

    /// <summary>A run waits for the date before no more.</summary>
    public sealed record LetGo(RunId Run) : MarkingEntry;

    /// <summary>It is a run's turn.</summary>
    public sealed record TurnGiven(MarkingMessage.MarkRequested Request) : MarkingEntry;

    /// <summary>A run's turn is over, or its waiting.</summary>
    public sealed record TurnOver(RunId Run, LogicalDate? Date = null) : MarkingEntry;

    /// <summary>The scheduled run of a date has marked.</summary>
    public sealed record Marked(LogicalDate Date) : MarkingEntry;

    /// <summary>The marks of these dates count as done: they were processed elsewhere.</summary>
    public sealed record MarksAdopted(DateRange Dates, Schedule Schedule) : MarkingEntry;

    /// <summary>All is forgotten.</summary>
    public sealed record Forgotten : MarkingEntry;

    /// <summary>The marks of these dates are not done.</summary>
    public sealed record MarksReset(DateRange Dates, long Number, Schedule Schedule) : MarkingEntry;
}

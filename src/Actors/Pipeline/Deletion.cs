using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A deletion under way, step by step.</summary>
/// <param name="Number">Its number among the pipeline's.</param>
/// <param name="Request">Who asked.</param>
/// <param name="Step">What is being done.</param>
/// <param name="Next">The next date to be asked, or told; null when all of the range were.</param>
/// <param name="Waiting">How many answers are awaited before it goes on.</param>
/// <param name="Reads">How many lists of keys were asked for.</param>
/// <param name="After">The last key that was dealt with in this step; null at its beginning.</param>
public sealed record Deletion(long Number, RequestId Request, DeleteStep Step, LogicalDate? Next, int Waiting, int Reads, string? After = null);

/// <summary>The steps of a deletion, in order.</summary>
public enum DeleteStep
{
    /// <summary>The dates that may have runs are asked what stands in the way.</summary>
    Asking,

    /// <summary>So are dates beyond these, as far as they have rows.</summary>
    AskingOthers,

    /// <summary>Watchers tell the dates nothing any more.</summary>
    Tables,

    /// <summary>The dates that may have runs forget.</summary>
    Dates,

    /// <summary>So do others that have rows, until none has.</summary>
    OtherDates,

    /// <summary>The singletons forget.</summary>
    Singletons,

    /// <summary>The configuration folder is free.</summary>
    Folder,

    /// <summary>Rows of <see cref="Projections.Runs"/> are removed.</summary>
    Runs,

    /// <summary>Rows of <see cref="Projections.Tries"/> are.</summary>
    Tries,

    /// <summary>Rows of <see cref="Projections.Creations"/> are.</summary>
    Creations,

    /// <summary>Rows of <see cref="Projections.Backfills"/> are.</summary>
    Backfills,
}

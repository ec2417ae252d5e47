namespace Latecomer.Contracts;

/// <summary>Why a run exists.</summary>
public enum RunKind
{
    /// <summary>The schedule made it.</summary>
    Scheduled,

    /// <summary>A person asked for it.</summary>
    Manual,

    /// <summary>Its partition was late.</summary>
    Backfill,

    /// <summary>Something else runs it, such as Airflow, and marks here. It takes no slot.</summary>
    External,
}

/// <summary>How a run stands, in Airflow's words.</summary>
public enum RunState
{
    /// <summary>It has not begun.</summary>
    Queued,

    /// <summary>It has begun.</summary>
    Running,

    /// <summary>All its tasks succeeded or were skipped.</summary>
    Success,

    /// <summary>One of its tasks failed for good.</summary>
    Failed,

    /// <summary>A person stopped it.</summary>
    Cancelled,
}

/// <summary>How a task instance stands, in Airflow's words.</summary>
public enum TaskState
{
    /// <summary>Nothing has happened.</summary>
    None,

    /// <summary>It waits for its turn or for a slot.</summary>
    Queued,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It did what it should.</summary>
    Success,

    /// <summary>It failed for good.</summary>
    Failed,

    /// <summary>It failed and is tried again.</summary>
    UpForRetry,

    /// <summary>It waits for something outside, without a slot.</summary>
    UpForReschedule,

    /// <summary>A task before it failed.</summary>
    UpstreamFailed,

    /// <summary>There was nothing to do.</summary>
    Skipped,

    /// <summary>Its run was cancelled before it came to its end.</summary>
    Cancelled,
}

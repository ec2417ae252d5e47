namespace Latecomer.Contracts;

/// <summary>Which dates that have had runs a backfill of a range runs again, as in Airflow.</summary>
public enum ReprocessBehavior
{
    /// <summary>None: only dates that had no run, and were not processed elsewhere.</summary>
    None,

    /// <summary>Also dates whose last run failed or was cancelled.</summary>
    Failed,

    /// <summary>All dates.</summary>
    Completed,
}

/// <summary>How a backfill of a range stands.</summary>
public enum RangeBackfillState
{
    /// <summary>Its dates are being asked whether they want a run.</summary>
    Planning,

    /// <summary>It makes runs, or waits for those that it made.</summary>
    Running,

    /// <summary>A person paused it: it makes no runs.</summary>
    Paused,

    /// <summary>A person cancelled it, and runs of it have not ended yet.</summary>
    Cancelling,

    /// <summary>All its runs have ended.</summary>
    Completed,

    /// <summary>A person cancelled it.</summary>
    Cancelled,
}

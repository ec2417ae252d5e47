namespace Latecomer.DeltaLog;

/// <summary>Why a log cannot be followed further.</summary>
public enum FollowStop
{
    /// <summary>A commit is missing, and a later one is there.</summary>
    Gap,

    /// <summary>The next commit was cleaned up before it was read: changes may have been missed.</summary>
    CleanedUp,

    /// <summary>Another table lies at the same place.</summary>
    Recreated,

    /// <summary>The log ends before the version that was seen already.</summary>
    WentBack,

    /// <summary>The table asks for something that this build cannot read.</summary>
    Unsupported,

    /// <summary>A commit is not what the protocol says.</summary>
    Corrupt,

    /// <summary>There is no table.</summary>
    NotFound,
}

namespace Latecomer.DeltaLog;

/// <summary>What following a log came to. All but <see cref="Commits"/> are reasons to stop and to tell people.</summary>
public abstract record FollowResult
{
    private FollowResult()
    {
    }

    /// <summary>The next commits in order, none left out; empty when there are none yet.</summary>
    /// <param name="Changes">The commits.</param>
    /// <param name="MoreExist">Whether the limit, rather than the end of the log, stopped the page.</param>
    public sealed record Commits(IReadOnlyList<CommitChanges> Changes, bool MoreExist) : FollowResult;

    /// <summary>Following cannot go on.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Class">The error class where the protocol's readers have one.</param>
    /// <param name="AtVersion">The version at which it shows.</param>
    /// <param name="Message">For people: what, where, what to do.</param>
    public sealed record Stopped(FollowStop Reason, DeltaErrorClass Class, long AtVersion, string Message) : FollowResult;
}

namespace Latecomer.DeltaLog;

/// <summary>The tags by which a commit of ours says what wrote it, so that a run's own commits to its input can be told apart.</summary>
public static class CommitTags
{
    /// <summary>The pipeline's name.</summary>
    public const string Pipeline = "latecomer.pipeline";

    /// <summary>The run's id.</summary>
    public const string RunId = "latecomer.runId";
}

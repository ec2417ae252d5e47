namespace Latecomer.DeltaLog;

/// <summary>Who commits, and under which application version.</summary>
/// <param name="Transaction">Makes the commit idempotent and fences it; null: every call commits once more.</param>
/// <param name="Tags">Tags of the commit; see <see cref="CommitTags"/>.</param>
public sealed record CommitOrigin(SetTransaction? Transaction = null, IReadOnlyDictionary<string, string?>? Tags = null)
{
    /// <summary>Further application versions that the commit records. They say who it was to every reader of the table, and fence nothing.</summary>
    public IReadOnlyList<SetTransaction> Marks { get; init; } = [];

    /// <summary>Nobody in particular.</summary>
    public static CommitOrigin None { get; } = new();

    /// <summary>A run of a pipeline, with the application version that its writes are idempotent and fenced by.</summary>
    public static CommitOrigin OfRun(string pipeline, string runId, SetTransaction? transaction) => new(
        transaction,
        new Dictionary<string, string?>(StringComparer.Ordinal) { [CommitTags.Pipeline] = pipeline, [CommitTags.RunId] = runId });
}

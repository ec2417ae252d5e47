namespace Latecomer.DeltaLog;

/// <summary>A commit to be: what it does and what it relies on.</summary>
public sealed record CommitProposal
{
    /// <summary>The actions, without <c>commitInfo</c>, which the writer adds. At most one each of protocol and metaData; the first txn fences, others only record.</summary>
    public required IReadOnlyList<DeltaAction> Actions { get; init; }

    /// <summary>The files that the actions depend on.</summary>
    public required ReadAssumption Reads { get; init; }

    /// <summary>The operation as Spark names it, such as <c>WRITE</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The operation's parameters, as Spark words them.</summary>
    public IReadOnlyDictionary<string, string?> OperationParameters { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Counts, as Spark names them.</summary>
    public IReadOnlyDictionary<string, string?> OperationMetrics { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Tags of the commit; see <see cref="CommitTags"/>.</summary>
    public IReadOnlyDictionary<string, string?> Tags { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The application version that makes the commit idempotent and fences it; null: none.</summary>
    public SetTransaction? Transaction => Actions.OfType<SetTransaction>().FirstOrDefault();
}

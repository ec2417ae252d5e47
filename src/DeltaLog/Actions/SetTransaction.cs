namespace Latecomer.DeltaLog;

/// <summary>The <c>txn</c> action: the last version that an application has committed (PROTOCOL.md, "Transaction
/// Identifiers"). It makes writes idempotent and fences writers with a lower version.</summary>
/// <param name="AppId">Who writes; unique among the table's writers.</param>
/// <param name="Version">A number of the application's own that only grows.</param>
/// <param name="LastUpdated">When it was written, in milliseconds since the epoch, where recorded.</param>
public sealed record SetTransaction(string AppId, long Version, long? LastUpdated = null) : DeltaAction;

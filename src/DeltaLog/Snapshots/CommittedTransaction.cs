namespace Latecomer.DeltaLog;

/// <summary>The last <c>txn</c> of an application, as a snapshot knows it.</summary>
/// <param name="Version">The application's version.</param>
/// <param name="LastUpdated">When it was written, in milliseconds since the epoch, where recorded.</param>
/// <param name="CommittedAt">The table version that holds it; null when only a checkpoint tells of it.</param>
public sealed record CommittedTransaction(long Version, long? LastUpdated, long? CommittedAt);

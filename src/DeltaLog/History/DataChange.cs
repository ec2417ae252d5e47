namespace Latecomer.DeltaLog;

/// <summary>A commit that added or removed data.</summary>
/// <param name="Version">Its version.</param>
/// <param name="At">When: the in-commit timestamp, else the writer's clock in <c>commitInfo</c>, else when the file was put.</param>
public readonly record struct DataChange(long Version, DateTimeOffset? At);

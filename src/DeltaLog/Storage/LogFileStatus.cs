namespace Latecomer.DeltaLog;

/// <summary>What a store says of a file without reading it.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="LastModified">By the store's clock.</param>
public readonly record struct LogFileStatus(long Size, DateTimeOffset LastModified);

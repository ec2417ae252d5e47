namespace Latecomer.DeltaLog;

/// <summary>When the data of each partition last changed, as far as the commits that are left tell.</summary>
/// <param name="FromCommit">The oldest commit that was read: what changed before it is not known. Null when no commit is left.</param>
/// <param name="LastDataChanges">The last commit that added or removed data, by partition; partitions that have no files any more included.</param>
/// <param name="UnknownPartition">The last commit that removed data from a partition which neither it nor the log before it names; null: none did.</param>
public sealed record PartitionHistory(
    long? FromCommit,
    IReadOnlyDictionary<PartitionValues, DataChange> LastDataChanges,
    DataChange? UnknownPartition);

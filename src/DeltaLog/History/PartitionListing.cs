namespace Latecomer.DeltaLog;

/// <summary>The partitions of a table at a version, those included whose files are all gone and whose last change is still known.</summary>
/// <param name="Snapshot">The version.</param>
/// <param name="History">When their data last changed.</param>
public sealed record PartitionListing(Snapshot Snapshot, PartitionHistory History)
{
    /// <summary>The partitions, named as in the log, in no order.</summary>
    public IEnumerable<PartitionValues> Partitions => History.LastDataChanges.Keys.Union(Snapshot.Partitions.Keys);

    /// <summary>The partitions by the names of the schema, in order. Columns that the table has no more are named as <paramref name="before"/> had them.</summary>
    public IEnumerable<(IReadOnlyList<KeyValuePair<string, string?>> Name, PartitionValues Partition)> Named(ColumnMapping? before = null) => Partitions
        .Select(partition => (Name: Snapshot.Mapping.ToLogical(partition, before), Partition: partition))
        .OrderBy(named => InspectionJson.SortKey(named.Name), Comparer<string>.Create(LogicalFileOrder.CompareUtf8));

    /// <summary>The partitions by the names of the schema, in the order of their values: 9 before 10, and null first.</summary>
    public IEnumerable<(IReadOnlyList<KeyValuePair<string, string?>> Name, PartitionValues Partition)> InOrder() =>
        PartitionColumns.Of(Snapshot).Sort(Named(), named => named.Partition);

    /// <summary>The version at or before which the data of a partition without a known last change was changed last.</summary>
    public long UnknownUpTo => History.FromCommit is { } first ? first - 1 : Snapshot.Version;

    /// <summary>What a partition holds.</summary>
    public PartitionSummary SummaryOf(PartitionValues partition) => Snapshot.Partitions.GetValueOrDefault(partition, PartitionSummary.Empty);

    /// <summary>The last change of a partition's data; null when it lies before the oldest commit that is left.</summary>
    public DataChange? LastDataChangeOf(PartitionValues partition) =>
        History.LastDataChanges.TryGetValue(partition, out var change) ? change : null;
}

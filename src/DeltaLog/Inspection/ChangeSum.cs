namespace Latecomer.DeltaLog;

/// <summary>Adds the changes of commits up, partition by partition: gross, every action counts.</summary>
internal sealed class ChangeSum
{
    private readonly Dictionary<PartitionValues, PartitionChange> _partitions = [];

    internal IEnumerable<PartitionChange> Partitions => _partitions.Values;

    internal PartitionChange? UnknownPartition { get; private set; }

    internal void Add(CommitChanges changes)
    {
        foreach (var change in changes.Partitions)
        {
            _partitions[change.Partition] = _partitions.TryGetValue(change.Partition, out var sum) ? sum.Plus(change) : change;
        }

        if (changes.UnknownPartition is { } unknown)
        {
            UnknownPartition = UnknownPartition?.Plus(unknown) ?? unknown;
        }
    }
}

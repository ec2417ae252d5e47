using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>The ordinal order of partitions by their values, column by column; null comes first.</summary>
internal sealed class PartitionOrder : IComparer<PartitionValues>
{
    internal static PartitionOrder Instance { get; } = new();

    public int Compare(PartitionValues? x, PartitionValues? y)
    {
        using var left = (x ?? PartitionValues.None).GetEnumerator();
        using var right = (y ?? PartitionValues.None).GetEnumerator();
        while (left.MoveNext())
        {
            if (!right.MoveNext())
            {
                return 1;
            }

            var order = string.CompareOrdinal(left.Current.Key, right.Current.Key);
            order = order != 0 ? order : string.CompareOrdinal(left.Current.Value, right.Current.Value);
            if (order != 0)
            {
                return order;
            }
        }

        return right.MoveNext() ? -1 : 0;
    }
}

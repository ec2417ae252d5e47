namespace Latecomer.DeltaLog;

/// <summary>What one commit did to one partition.</summary>
/// <param name="Partition">The partition, by the columns and strings of the log.</param>
/// <param name="Added">Files added with new data.</param>
/// <param name="Removed">Files removed with their data.</param>
/// <param name="RearrangedAdded">Files added with data that the table had (<c>dataChange=false</c>).</param>
/// <param name="RearrangedRemoved">Files removed whose data the table keeps (<c>dataChange=false</c>).</param>
public sealed record PartitionChange(
    PartitionValues Partition,
    FileTotals Added,
    FileTotals Removed,
    FileTotals RearrangedAdded,
    FileTotals RearrangedRemoved)
{
    /// <summary>Whether data changed, rather than being rearranged.</summary>
    public bool IsDataChange => Added.Files > 0 || Removed.Files > 0;

    /// <summary>The sum of two changes of this partition.</summary>
    internal PartitionChange Plus(PartitionChange other) => this with
    {
        Added = Added.Plus(other.Added),
        Removed = Removed.Plus(other.Removed),
        RearrangedAdded = RearrangedAdded.Plus(other.RearrangedAdded),
        RearrangedRemoved = RearrangedRemoved.Plus(other.RearrangedRemoved),
    };
}

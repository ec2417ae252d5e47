namespace Latecomer.DeltaLog;

/// <summary>The order of partition values of one type: null first, then from the least to the greatest; texts and bytes by their (UTF-8) bytes. Values of different types
/// have an order too, so that sorting never fails.</summary>
public sealed class PartitionValueOrder : IComparer<PartitionValue>
{
    private PartitionValueOrder()
    {
    }

    /// <summary>The one there is.</summary>
    public static PartitionValueOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(PartitionValue? x, PartitionValue? y) => (x ?? PartitionValue.Missing.Value, y ?? PartitionValue.Missing.Value) switch
    {
        (PartitionValue.Text left, PartitionValue.Text right) => LogicalFileOrder.CompareUtf8(left.Value, right.Value),
        (PartitionValue.Flag left, PartitionValue.Flag right) => left.Value.CompareTo(right.Value),
        (PartitionValue.Integer left, PartitionValue.Integer right) => left.Value.CompareTo(right.Value),
        (PartitionValue.Real left, PartitionValue.Real right) => Compare(left.Value, right.Value),
        (PartitionValue.Decimal left, PartitionValue.Decimal right) when left.Scale == right.Scale => left.Unscaled.CompareTo(right.Unscaled),
        (PartitionValue.Date left, PartitionValue.Date right) => left.Days.CompareTo(right.Days),
        (PartitionValue.Timestamp left, PartitionValue.Timestamp right) => left.Micros.CompareTo(right.Micros),
        (PartitionValue.Bytes left, PartitionValue.Bytes right) => left.Value.Span.SequenceCompareTo(right.Value.Span),
        var (left, right) => Rank(left).CompareTo(Rank(right)),
    };

    /// <summary>Unlike .NET, Spark has NaN last.</summary>
    private static int Compare(double left, double right) => (double.IsNaN(left), double.IsNaN(right)) switch
    {
        (false, false) => left.CompareTo(right),
        var (leftIsNan, rightIsNan) => leftIsNan.CompareTo(rightIsNan),
    };

    private static int Rank(PartitionValue value) => value switch
    {
        PartitionValue.Missing => 0,
        PartitionValue.Flag => 1,
        PartitionValue.Integer => 2,
        PartitionValue.Real => 3,
        PartitionValue.Decimal number => 4 + number.Scale,
        PartitionValue.Date => 100,
        PartitionValue.Timestamp => 101,
        PartitionValue.Bytes => 102,
        _ => 103,
    };
}

using System.Diagnostics;

namespace Latecomer.Parquet.Writing;

/// <summary>Joins the exact statistics of row groups to those of the file.</summary>
internal static class FileStatistics
{
    public static ColumnStatistics Join(ColumnStatistics? earlier, ColumnStatistics later) => earlier is null
        ? later
        : new ColumnStatistics
        {
            NullCount = earlier.NullCount + later.NullCount,
            NanCount = earlier.NanCount + later.NanCount,
            Min = Choose(earlier.Min, later.Min, sign: -1),
            Max = Choose(earlier.Max, later.Max, sign: 1),
            IsExact = earlier.IsExact && later.IsExact,
        };

    private static ColumnValue? Choose(ColumnValue? earlier, ColumnValue? later, int sign) => (earlier, later) switch
    {
        (null, _) => later,
        (_, null) => earlier,
        _ => Compare(later, earlier) * sign > 0 ? later : earlier,
    };

    private static int Compare(ColumnValue left, ColumnValue right) => (left, right) switch
    {
        (ColumnValue.Flag a, ColumnValue.Flag b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Integer a, ColumnValue.Integer b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Real a, ColumnValue.Real b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Bytes a, ColumnValue.Bytes b) => Math.Sign(a.Value.Span.SequenceCompareTo(b.Value.Span)),
        _ => throw new UnreachableException(),
    };
}

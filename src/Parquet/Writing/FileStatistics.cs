using System.Diagnostics;

namespace Latecomer.Parquet.Writing;

/// <summary>Joins the exact statistics of row groups to those of the file.</summary>
internal static class FileStatistics
{
    public static ColumnStatistics Join(ColumnType type, ColumnStatistics? earlier, ColumnStatistics later) => earlier is null
        ? later
        : new ColumnStatistics
        {
            NullCount = earlier.NullCount + later.NullCount,
            NanCount = earlier.NanCount + later.NanCount,
            Min = Choose(type, earlier.Min, later.Min, sign: -1),
            Max = Choose(type, earlier.Max, later.Max, sign: 1),
            IsExact = earlier.IsExact && later.IsExact,
        };

    private static ColumnValue? Choose(ColumnType type, ColumnValue? earlier, ColumnValue? later, int sign) => (earlier, later) switch
    {
        (null, _) => later,
        (_, null) => earlier,
        _ => Compare(type, later, earlier) * sign > 0 ? later : earlier,
    };

    private static int Compare(ColumnType type, ColumnValue left, ColumnValue right) => (left, right) switch
    {
        (ColumnValue.Flag a, ColumnValue.Flag b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Integer a, ColumnValue.Integer b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Unsigned a, ColumnValue.Unsigned b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Real a, ColumnValue.Real b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Bytes a, ColumnValue.Bytes b) => Math.Sign(BytesOrder.Compare(type, a.Value.Span, b.Value.Span)),
        _ => throw new UnreachableException(),
    };
}

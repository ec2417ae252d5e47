namespace Latecomer.Parquet;

/// <summary>What a finished file holds, so that nobody has to read it again to know.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Columns">Exact statistics of the whole file per stored column, in schema order: those of a flat schema are its own, nested ones give their leaves.
/// Bounds are never shortened here.</param>
public sealed record WrittenFile(long RowCount, long Length, IReadOnlyList<ColumnStatistics> Columns);

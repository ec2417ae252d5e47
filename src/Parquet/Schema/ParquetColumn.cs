namespace Latecomer.Parquet;

/// <summary>One top-level column.</summary>
/// <param name="Name">The name as stored: not empty, case-sensitive.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Nullable">Whether rows may be without a value.</param>
public sealed record ParquetColumn(string Name, ColumnType Type, bool Nullable = true)
{
    /// <summary>The field id in the footer, which Delta's column mapping by id goes by; null if there is none.</summary>
    public int? FieldId { get; init; }
}

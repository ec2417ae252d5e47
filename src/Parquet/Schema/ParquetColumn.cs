namespace Latecomer.Parquet;

/// <summary>One column, or a part of a nested one.</summary>
/// <param name="Name">The name as stored, case-sensitive; <c>element</c>, <c>key</c> and <c>value</c> in lists and maps, whatever the file
/// calls them.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Nullable">Whether rows (or elements) may be without a value.</param>
public sealed record ParquetColumn(string Name, ColumnType Type, bool Nullable = true)
{
    /// <summary>The field id in the footer, which Delta's column mapping by id goes by; null if there is none.</summary>
    public int? FieldId { get; init; }
}

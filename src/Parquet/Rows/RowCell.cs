using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.Parquet.Rows;

/// <summary>The rows of a batch as JSON objects.</summary>
internal sealed class RowCell(JsonEncodedText[] names, Cell[] cells)
{
    public static RowCell Of(ColumnBatch batch) =>
        new(Names(batch.Schema.Columns), [.. batch.Schema.Columns.Select((column, ordinal) => Cell.For(column.Type, batch.Columns[ordinal]))]);

    public static JsonEncodedText[] Names(IReadOnlyList<ParquetColumn> columns) =>
        [.. columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];

    public void Write(Utf8JsonWriter json, int row)
    {
        json.WriteStartObject();
        for (var ordinal = 0; ordinal < cells.Length; ordinal++)
        {
            json.WritePropertyName(names[ordinal]);
            cells[ordinal].Write(json, row);
        }

        json.WriteEndObject();
    }
}

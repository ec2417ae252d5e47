using System.Globalization;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Finds the columns of a table in a data file (PROTOCOL.md, "Reader Requirements for Column Mapping"): by name, by physical name, or by id.</summary>
internal sealed class FileColumnNames(string mode)
{
    private const string IdMode = "id";
    private const string NameMode = "name";
    private const string IdKey = "delta.columnMapping.id";

    /// <summary>The column of a field among those at its level of a file; -1 when the file was written without it.</summary>
    internal int IndexOf(SchemaField field, IReadOnlyList<ParquetColumn> columns) => mode switch
    {
        IdMode => field.Metadata.TryGetValue(IdKey, out var text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? IndexOf(columns, column => column.FieldId == id)
            : -1,
        NameMode => IndexOf(columns, column => column.Name == ColumnMapping.PhysicalNameOf(field)),
        _ => IndexOf(columns, column => column.Name == field.Name) is >= 0 and var exact
            ? exact
            : IndexOf(columns, column => string.Equals(column.Name, field.Name, StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>What keeps a file from being read in this way; null when nothing does. Without ids its columns would all seem to be missing, and nulls pass for data.</summary>
    internal string? Fault(ParquetSchema file) => mode == IdMode && file.Columns.Count > 0 && file.Columns.All(column => column.FieldId is null)
        ? "it was written without field ids, and the table's columns are found by them"
        : null;

    private static int IndexOf(IReadOnlyList<ParquetColumn> columns, Predicate<ParquetColumn> isWanted)
    {
        for (var at = 0; at < columns.Count; at++)
        {
            if (isWanted(columns[at]))
            {
                return at;
            }
        }

        return -1;
    }
}

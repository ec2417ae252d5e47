using System.Text.Json;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The statistics of a file's columns, as the log nests them: a struct's are objects of their own, and lists and maps have none.</summary>
internal sealed class LeafStatistics
{
    private readonly List<(ParquetColumn Column, LeafStatistics? Fields, ColumnStatistics? Own)> _columns = [];

    private LeafStatistics()
    {
    }

    /// <summary>Puts the statistics of the first <paramref name="most"/> leaves of a file into the order of its schema.</summary>
    internal static LeafStatistics Of(ParquetSchema schema, WrittenFile file, int most)
    {
        var leaf = 0;
        return Of(schema.Columns, file, most, ref leaf);
    }

    /// <summary>Writes an object with what <paramref name="write"/> has to say of each leaf.</summary>
    internal void Write(Utf8JsonWriter json, string name, Action<ParquetColumn, ColumnStatistics> write)
    {
        json.WriteStartObject(name);
        foreach (var (column, fields, own) in _columns)
        {
            if (own is not null)
            {
                write(column, own);
            }

            fields?.Write(json, column.Name, write);
        }

        json.WriteEndObject();
    }

    private static LeafStatistics Of(IReadOnlyList<ParquetColumn> columns, WrittenFile file, int most, ref int leaf)
    {
        var statistics = new LeafStatistics();
        foreach (var column in columns)
        {
            switch (column.Type)
            {
                case ColumnType.Struct group:
                    var fields = Of(group.Fields, file, most, ref leaf);
                    if (fields._columns.Count > 0)
                    {
                        statistics._columns.Add((column, fields, null));
                    }

                    break;
                case ColumnType.List or ColumnType.Map:
                    leaf += LeavesOf(column.Type);
                    break;
                default:
                    if (leaf < most)
                    {
                        statistics._columns.Add((column, null, file.Columns[leaf]));
                    }

                    leaf++;
                    break;
            }
        }

        return statistics;
    }

    private static int LeavesOf(ColumnType type) => type switch
    {
        ColumnType.Struct group => group.Fields.Sum(field => LeavesOf(field.Type)),
        ColumnType.List list => LeavesOf(list.Element.Type),
        ColumnType.Map map => LeavesOf(map.Key.Type) + (map.Value is { } value ? LeavesOf(value.Type) : 0),
        _ => 1,
    };
}

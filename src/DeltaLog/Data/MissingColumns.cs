using System.Diagnostics;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Columns that came to a table after a file was written: they are null in its rows.</summary>
internal static class MissingColumns
{
    /// <summary>Joins the columns that a file has with nulls for those that it lacks, in the wanted order. The new batch owns the columns of the old one.</summary>
    internal static ColumnBatch Fill(ColumnBatch present, SchemaField[] wanted)
    {
        var columns = new ParquetColumn[wanted.Length];
        var data = new ColumnData[wanted.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            var at = present.Schema.IndexOf(wanted[i].Name);
            columns[i] = at >= 0 ? present.Schema.Columns[at] : new ParquetColumn(wanted[i].Name, DataFileSchema.TypeOf(wanted[i]));
            data[i] = at >= 0 ? present.Columns[at] : Nulls(columns[i].Type, present.RowCount);
        }

        return new ColumnBatch(new ParquetSchema(columns), data);
    }

    private static ColumnData Nulls(ColumnType type, int rows) => type switch
    {
        ColumnType.String or ColumnType.Binary => BinaryColumn.From(new string?[rows]),
        ColumnType.Boolean => ValueColumn<bool>.From(new bool?[rows]),
        ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Date => ValueColumn<int>.From(new int?[rows]),
        ColumnType.Int64 or ColumnType.Timestamp => ValueColumn<long>.From(new long?[rows]),
        ColumnType.Float => ValueColumn<float>.From(new float?[rows]),
        ColumnType.Double => ValueColumn<double>.From(new double?[rows]),
        _ => throw new UnreachableException(),
    };
}

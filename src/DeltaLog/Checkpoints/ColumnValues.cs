using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Values of a checkpoint's columns, whatever width or kind their writer chose. A column that is not there is null in every row.</summary>
internal static class ColumnValues
{
    internal static ColumnData? Field(this ColumnBatch batch, string action, string field) =>
        batch.Schema.IndexOf(action) is >= 0 and var ordinal ? (batch.Columns[ordinal] as StructColumn)?.Find(field) : null;

    internal static ColumnData? Field(this ColumnData? column, string field) => (column as StructColumn)?.Find(field);

    internal static bool Has(this ColumnData? column, int row) => column is not null && !column.IsNull(row);

    internal static string? Text(this ColumnData? column, int row) => !column.Has(row) ? null : column switch
    {
        BinaryColumn texts => texts.GetString(row),
        _ => throw Unexpected(column!, "text"),
    };

    internal static long? Number(this ColumnData? column, int row) => !column.Has(row) ? null : column switch
    {
        ValueColumn<long> longs => longs.Values[row],
        ValueColumn<int> ints => ints.Values[row],
        _ => throw Unexpected(column!, "whole numbers"),
    };

    internal static int? Int(this ColumnData? column, int row) => column.Number(row) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and { } number => (int)number,
        { } number => throw new InvalidDataException($"{number} stands where a number of 32 bits belongs"),
    };

    internal static bool? Flag(this ColumnData? column, int row) => !column.Has(row) ? null : column switch
    {
        ValueColumn<bool> flags => flags.Values[row],
        _ => throw Unexpected(column!, "true or false"),
    };

    internal static List<string>? Texts(this ColumnData? column, int row)
    {
        if (!column.Has(row))
        {
            return null;
        }

        var list = column as ListColumn ?? throw Unexpected(column!, "lists");
        var texts = new List<string>(list.CountOf(row));
        for (var i = 0; i < list.CountOf(row); i++)
        {
            texts.Add(list.Elements.Text(list.StartOf(row) + i) ?? throw new InvalidDataException("a list of names has a null"));
        }

        return texts;
    }

    internal static Dictionary<string, string?>? Map(this ColumnData? column, int row)
    {
        if (!column.Has(row))
        {
            return null;
        }

        var pairs = column as MapColumn ?? throw Unexpected(column!, "maps");
        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var at = pairs.StartOf(row); at < pairs.StartOf(row) + pairs.CountOf(row); at++)
        {
            map[pairs.Keys.Text(at) ?? throw new InvalidDataException("a map has a null key")] = pairs.Values.Text(at);
        }

        return map;
    }

    internal static InvalidDataException Unexpected(ColumnData column, string expected) => new($"a column of {expected} is stored as {column.GetType().Name}");
}

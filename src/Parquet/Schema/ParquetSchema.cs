namespace Latecomer.Parquet;

/// <summary>The top-level columns of a file in order. Guarantees that no two share a name.</summary>
public sealed class ParquetSchema
{
    private readonly Dictionary<string, int> ordinals;

    /// <summary>Takes columns with names that are not empty and differ from each other; else throws
    /// <see cref="ArgumentException"/>.</summary>
    public ParquetSchema(IReadOnlyList<ParquetColumn> columns)
    {
        Columns = [.. columns];
        ordinals = new Dictionary<string, int>(Columns.Count, StringComparer.Ordinal);
        for (var ordinal = 0; ordinal < Columns.Count; ordinal++)
        {
            if (Columns[ordinal].Name.Length == 0 || !ordinals.TryAdd(Columns[ordinal].Name, ordinal))
            {
                throw new ArgumentException($"Column {ordinal} has the name '{Columns[ordinal].Name}', which is empty or taken.", nameof(columns));
            }
        }
    }

    /// <summary>The columns in file order.</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    /// <summary>The position of a column, or -1 if the schema has none of that exact name.</summary>
    public int IndexOf(string name) => ordinals.GetValueOrDefault(name, -1);

    /// <summary>The column or nested part at a path, or null if there is none.</summary>
    public ParquetColumn? Find(ColumnPath path)
    {
        var ordinal = IndexOf(path.Steps[0]);
        var found = ordinal < 0 ? null : Columns[ordinal];
        foreach (var step in path.Steps.Skip(1))
        {
            found = found?.Type switch
            {
                ColumnType.Struct group => group.IndexOf(step) is >= 0 and var field ? group.Fields[field] : null,
                ColumnType.List list when step == ColumnPath.Element => list.Element,
                ColumnType.Map map when step == ColumnPath.Key => map.Key,
                ColumnType.Map map when step == ColumnPath.Value => map.Value,
                _ => null,
            };
        }

        return found;
    }
}

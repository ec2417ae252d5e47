namespace Latecomer.DeltaLog;

/// <summary>What a table is made as, and what rows written to it must look like.</summary>
/// <param name="Schema">All columns, partition columns included.</param>
/// <param name="PartitionColumns">The partition columns, in the order of their folders.</param>
public sealed record TableDefinition(TableSchema Schema, IReadOnlyList<string> PartitionColumns)
{
    /// <summary>The columns that data files hold.</summary>
    internal IEnumerable<SchemaField> DataFields => Schema.Fields.Where(column => !PartitionColumns.Contains(column.Name, StringComparer.Ordinal));

    /// <summary>The definition of a table that exists.</summary>
    public static TableDefinition Of(Snapshot snapshot) => new(snapshot.Metadata.Schema, snapshot.Metadata.PartitionColumns);

    /// <summary>Refuses to write rows of this definition into a table of another one. Columns that the table has beyond it may be missing if they are nullable.</summary>
    /// <exception cref="DeltaException">They differ (<see cref="DeltaErrorClass.SchemaMismatch"/>); the message names the first difference.</exception>
    public void RequireFits(Snapshot table)
    {
        if (!PartitionColumns.SequenceEqual(table.Metadata.PartitionColumns, StringComparer.Ordinal))
        {
            throw Mismatch(table, $"it is partitioned by ({string.Join(", ", table.Metadata.PartitionColumns)}), the rows by ({string.Join(", ", PartitionColumns)})");
        }

        foreach (var field in Schema.Fields)
        {
            var there = table.Metadata.Schema.Find(field.Name) ?? throw Mismatch(table, $"it has no column {field.Name}");
            if (there.Type.ToString() != field.Type.ToString())
            {
                throw Mismatch(table, $"its column {field.Name} is {there.Type}, in the rows it is {field.Type}");
            }

            if (!MayBeNullWhere(field.Type, there.Type))
            {
                throw Mismatch(table, $"a part of its column {field.Name} must not be null, in the rows it may be");
            }

            if (!there.Nullable && field.Nullable)
            {
                throw Mismatch(table, $"its column {field.Name} must not be null, in the rows it may be");
            }
        }

        if (table.Metadata.Schema.Fields.FirstOrDefault(field => !field.Nullable && Schema.Find(field.Name) is null) is { } missing)
        {
            throw Mismatch(table, $"its column {missing.Name} must not be null, and the rows do not have it");
        }
    }

    /// <summary>Whether a type, of the same parts, has nulls only where another one may.</summary>
    private static bool MayBeNullWhere(DataType rows, DataType table) => (rows, table) switch
    {
        (DataType.Struct a, DataType.Struct b) => a.Fields.Zip(b.Fields).All(pair => (!pair.First.Nullable || pair.Second.Nullable) && MayBeNullWhere(pair.First.Type, pair.Second.Type)),
        (DataType.Array a, DataType.Array b) => (!a.ContainsNull || b.ContainsNull) && MayBeNullWhere(a.Element, b.Element),
        (DataType.Map a, DataType.Map b) => (!a.ValueContainsNull || b.ValueContainsNull) && MayBeNullWhere(a.Key, b.Key) && MayBeNullWhere(a.Value, b.Value),
        _ => true,
    };

    private static DeltaException Mismatch(Snapshot table, string difference) => new(
        DeltaErrorClass.SchemaMismatch,
        $"{table.Location}: the rows do not fit the table at version {table.Version}: {difference}");
}

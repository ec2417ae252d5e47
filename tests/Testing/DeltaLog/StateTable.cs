using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Testing.DeltaLog;

/// <summary>A table of states, as jobs on Spark write it.</summary>
public static class StateTable
{
    /// <summary>Appends rows to it, in one commit.</summary>
    public static async Task Append(string folder, params (string? Partition, bool IsProcessed, long? LastProcessedVersion)[] rows)
    {
        var schema = new TableSchema(
        [
            new SchemaField("partition", new DataType.Primitive("string")), new SchemaField("isProcessed", new DataType.Primitive("boolean")),
            new SchemaField("lastProcessedVersion", new DataType.Primitive("long")),
        ]);
        var written = await DeltaWriter.At(folder).AppendRows(new TableDefinition(schema, []), PartitionValues.None, Rows(rows), CommitOrigin.None);
        written.ShouldBeOfType<CommitResult.Committed>();
    }

    private static async IAsyncEnumerable<ColumnBatch> Rows((string? Partition, bool IsProcessed, long? LastProcessedVersion)[] rows)
    {
        var schema = new ParquetSchema(
        [
            new ParquetColumn("partition", new ColumnType.String(), Nullable: true), new ParquetColumn("isProcessed", new ColumnType.Boolean(), Nullable: true),
            new ParquetColumn("lastProcessedVersion", new ColumnType.Int64(), Nullable: true),
        ]);
        yield return new ColumnBatch(schema,
        [
            BinaryColumn.From([.. rows.Select(r => r.Partition)]), new ValueColumn<bool>([.. rows.Select(r => r.IsProcessed)]),
            ValueColumn<long>.From([.. rows.Select(r => r.LastProcessedVersion)]),
        ]);
        await Task.CompletedTask;
    }
}

using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.EndToEnd.Tables;

/// <summary>A table of somebody's, with one column of text beside its partition column.</summary>
internal sealed class SmallTable(string folder, string partitionColumn)
{
    private readonly TableDefinition _definition = new(
        new TableSchema([new SchemaField("name", new DataType.Primitive("string")), new SchemaField(partitionColumn, new DataType.Primitive("string"))]),
        [partitionColumn]);

    /// <summary>Appends a few rows to a partition, in one commit.</summary>
    public async Task Append(string partition)
    {
        var written = await DeltaWriter.At(folder).AppendRows(_definition, PartitionValues.Of(partitionColumn, partition), Rows(), CommitOrigin.None);
        written.ShouldBeOfType<CommitResult.Committed>();
    }

    /// <summary>Removes all rows of a partition, in one commit.</summary>
    public async Task Empty(string partition)
    {
        var written = await DeltaTable.At(folder).OverwritePartition(PartitionValues.Of(partitionColumn, partition), [], CommitOrigin.None);
        written.ShouldBeOfType<CommitResult.Committed>();
    }

    private static async IAsyncEnumerable<ColumnBatch> Rows()
    {
        yield return new ColumnBatch(
            new ParquetSchema([new ParquetColumn("name", new ColumnType.String(), Nullable: true)]), [BinaryColumn.From(new string?[] { "/", "/late", null })]);
        await Task.CompletedTask;
    }
}

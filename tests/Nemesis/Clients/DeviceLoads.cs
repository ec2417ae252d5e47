using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Nemesis;

/// <summary>Puts rows into the table that the pipelines read, as another program would.</summary>
internal sealed class DeviceLoads(string dataset, ClientHistory history)
{
    public const string PartitionColumn = "event_time";

    public static readonly IReadOnlyList<string> Columns = ["type", "full_name", "version"];

    private static readonly TableDefinition Definition = new(
        new TableSchema([.. Columns.Append(PartitionColumn).Select(name => new SchemaField(name, new DataType.Primitive("string")))]), [PartitionColumn]);

    public static readonly ParquetSchema Schema = new([.. Columns.Select(name => new ParquetColumn(name, new ColumnType.String(), Nullable: true))]);

    public async Task Load(string day, int rows)
    {
        var begun = DateTimeOffset.UtcNow;
        var result = await DeltaWriter.At(Path.Combine(dataset, Pipelines.Input.Value)).AppendRows(Definition, PartitionValues.Of(PartitionColumn, day), Rows(rows), CommitOrigin.None);
        history.Add(new Load(Pipelines.Input, day, begun, DateTimeOffset.UtcNow, (result as CommitResult.Committed)?.Version));
    }

    private static async IAsyncEnumerable<ColumnBatch> Rows(int count)
    {
        string?[] Texts(string text) => [.. Enumerable.Range(0, count).Select(i => $"{text} {i % 3}")];
        yield return new ColumnBatch(Schema, [BinaryColumn.From(Texts("type")), BinaryColumn.From(Texts("name")), BinaryColumn.From(Texts("version"))]);
        await Task.CompletedTask;
    }
}

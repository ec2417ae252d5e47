using Latecomer.Node.Devices;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Node;

public sealed class DeviceSummaryTests
{
    private static readonly ParquetSchema Input = new(
    [
        new ParquetColumn("type", new ColumnType.String(), Nullable: true),
        new ParquetColumn("version", new ColumnType.String(), Nullable: true),
    ]);

    [Fact]
    public async Task Rows_are_counted_by_type_and_version_across_batches() =>
        (await Summarise([("mac", "Sonoma"), ("lg", "12"), ("mac", "Sonoma")], [("lg", "11"), ("mac", "Sonoma")]))
            .ShouldBe([("lg", "11", 1), ("lg", "12", 1), ("mac", "Sonoma", 3)]);

    [Fact]
    public async Task Nulls_are_a_group_of_their_own() =>
        (await Summarise([(null, "12"), ("lg", null), (null, "12")])).ShouldBe([(null, "12", 2), ("lg", null, 1)]);

    [Fact]
    public async Task No_rows_make_no_groups() => (await Summarise([])).ShouldBeEmpty();

    private static async Task<List<(string? Type, string? Version, long Count)>> Summarise(params (string? Type, string? Version)[][] batches)
    {
        var groups = new List<(string?, string?, long)>();
        await foreach (var batch in new DeviceSummary().Run(Batches(batches), CancellationToken.None))
        {
            var (types, versions, counts) = ((BinaryColumn)batch["type"], (BinaryColumn)batch["version"], (ValueColumn<long>)batch["count"]);
            groups.AddRange(Enumerable.Range(0, batch.RowCount).Select(row => (types.GetString(row), versions.GetString(row), counts[row]!.Value)));
        }

        return groups;
    }

    private static async IAsyncEnumerable<ColumnBatch> Batches((string? Type, string? Version)[][] batches)
    {
        foreach (var rows in batches)
        {
            yield return new ColumnBatch(Input, [BinaryColumn.From([.. rows.Select(r => r.Type)]), BinaryColumn.From([.. rows.Select(r => r.Version)])]);
        }

        await Task.CompletedTask;
    }
}

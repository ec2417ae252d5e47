using Latecomer.DeltaLog;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Parquet;
using Latecomer.Tests.Integration.Hosting;

namespace Latecomer.Tests.Integration.Watching;

/// <summary>A pipeline of ten days over a table with data for each of them and the next, whose work is done at once.</summary>
internal sealed class OrdersPipeline(string dataset, ApiClient client)
{
    public const string Name = "orders_loader";
    public const int Days = 10;

    private static readonly TableDefinition Definition = new(
        new TableSchema([new SchemaField("name", new DataType.Primitive("string")), new SchemaField("day", new DataType.Primitive("string"))]), ["day"]);

    private readonly string _folder = Path.Combine(dataset, "orders");

    public static string Day(int day) => $"2026-01-{day:D2}";

    /// <summary>One commit for a day.</summary>
    public async Task Load(int day)
    {
        var written = await DeltaWriter.At(_folder).AppendRows(Definition, PartitionValues.Of("day", Day(day)), Rows(), CommitOrigin.None);
        written.ShouldBeOfType<CommitResult.Committed>();
    }

    /// <summary>Makes the table, and applies the pipeline.</summary>
    public async Task Begin()
    {
        for (var day = 1; day <= Days + 1; day++)
        {
            await Load(day);
        }

        var pipeline = new Pipeline
        {
            Name = Name,
            Schedule = "@daily",
            Start = Day(1),
            End = Day(Days),
            MaxActiveRuns = 4,
            ConfigurationFolder = "backfills",
            Work = new PipelineWork { TaskId = "work", Command = new CommandWork { Program = "true" } },
        };
        pipeline.Inputs.Add(new PipelineInput { Table = "orders", PartitionColumn = "day" });
        await client.Call<ApplyPipelineResponse>("Pipelines/Apply", new ApplyPipelineRequest { Pipeline = pipeline, RequestId = "apply" }, default);
    }

    /// <summary>Waits until so many runs have succeeded, and no message waits.</summary>
    public async Task Succeeded(int runs)
    {
        await HostedCluster.Until(
            () => client.Call<ListRunsResponse>("Runs/List", new ListRunsRequest { Pipeline = Name }, default),
            $"{runs} runs", response => response.Runs.Count(r => r.State == RunState.Success) == runs && response.Runs.Count == runs);
        await HostedCluster.Until(client, "rest", shown => shown is { Backlog: 0, BusyShards: 0 });
    }

    /// <summary>Loads two processed days again, and clears the last run, which collects them.</summary>
    public async Task LoadLate()
    {
        await Load(2);
        await Load(3);
        await client.Call<ClearRunsResponse>("Runs/Clear", new ClearRunsRequest { Pipeline = Name, LogicalDate = Day(Days), RequestId = "clear" }, default);
    }

    private static async IAsyncEnumerable<ColumnBatch> Rows()
    {
        yield return new ColumnBatch(
            new ParquetSchema([new ParquetColumn("name", new ColumnType.String(), Nullable: true)]), [BinaryColumn.From(new string?[] { "a", "b", null })]);
        await Task.CompletedTask;
    }
}

using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>A pipeline on tables of others whose logs begin with a checkpoint, and whose columns have other names in the files than for people.</summary>
public sealed class CleanedTableTests : IDisposable
{
    private const string Pipeline = "counts";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Dataset => Path.Combine(Data, "dataset");

    private string Log => Path.Combine(Dataset, "others", "_delta_log");

    [SharedTheory]
    [InlineData("golden-dv-with-columnmapping", 10, 15, "part", "col-60c949ca-b8bc-4330-b931-b73fb4c60037", "yyyyMMdd", "20240101")]
    [InlineData("syn-random-05", 15, 49, "p", "c-9f", "yyyy-MM-dd", "2024-01-01")]
    public async Task Late_data_is_found_and_backfilled(string table, int checkpoint, int latest, string column, string physical, string format, string first)
    {
        CopyCleaned(table, checkpoint);
        for (var day = 0; day < 3; day++)
        {
            Append(latest + 1 + day, physical, Next(first, day));
        }

        WritePipeline(column, format);
        await using var node = await NodeProcess.Start(Data);
        (await node.Cli("pipelines", "apply", Path.Combine(_folder.Path, "counts.yaml"))).Succeeded();
        await node.Runs(Pipeline, "two runs that succeeded", runs => runs.Count == 2 && runs.All(r => r.HasSucceeded));

        Append(latest + 4, physical, first);
        await Waiting.For("a late date", async () => (await node.Cli("partitions", "list", Pipeline, "--late")).Succeeded().Output.Contains("2024-01-01") ? "" : null);
        (await node.Cli("runs", "clear", Pipeline, "2024-01-02", "--task", "mark_partition_as_processing", "--downstream", "--yes")).Succeeded();
        var runs = await node.Runs(Pipeline, "the backfill and the cleared run", all => all.Count == 3 && all.All(r => r.HasSucceeded) && Processed().Length == 4);

        Processed().Order().ShouldBe(["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"]);
        runs.Single(r => r.Kind == "RUN_KIND_BACKFILL").Date.ShouldStartWith("2024-01-01");
        File.ReadAllText(Path.Combine(Dataset, "backfilling_configuration_2024-01-02.json")).Trim().ShouldBe($$"""{"partitions":["{{column}}={{first}}"]}""");
        (await node.Cli("partitions", "list", Pipeline, "--late")).Succeeded().Output.ShouldNotContain("2024");
    }

    private static string Next(string first, int days) => first[..^1] + (first[^1] - '0' + days);

    /// <summary>A copy as a clean-up leaves it: no commit below the checkpoint.</summary>
    private void CopyCleaned(string table, int checkpoint)
    {
        Directory.CreateDirectory(Log);
        foreach (var file in Directory.GetFiles(Path.Combine(SharedTestData.Root, "delta", table, "_delta_log")))
        {
            var name = Path.GetFileName(file);
            if (!(name.EndsWith(".json", StringComparison.Ordinal) && name.Length == 25 && int.Parse(name[..20]) < checkpoint))
            {
                File.Copy(file, Path.Combine(Log, name));
            }
        }
    }

    /// <summary>A commit as others write it: its partition by the physical name of its column.</summary>
    private void Append(int version, string physical, string value)
    {
        var add = new JsonObject
        {
            ["add"] = new JsonObject
            {
                ["path"] = $"{physical}={value}/part-{version}.parquet",
                ["partitionValues"] = new JsonObject { [physical] = value },
                ["size"] = 1000,
                ["modificationTime"] = 1700000000000,
                ["dataChange"] = true,
                ["stats"] = """{"numRecords":10}""",
            },
        };
        var commit = new JsonObject { ["commitInfo"] = new JsonObject { ["timestamp"] = 1800000000000 + version, ["operation"] = "WRITE" } };
        var temporary = Path.Combine(_folder.Path, $"{version}.json");
        File.WriteAllText(temporary, $"{commit.ToJsonString()}\n{add.ToJsonString()}\n");
        File.Move(temporary, Path.Combine(Log, $"{version:D20}.json"));
    }

    private void WritePipeline(string column, string format) => File.WriteAllText(
        Path.Combine(_folder.Path, "counts.yaml"),
        $$"""
        name: counts
        schedule: "@daily"
        start: 2024-01-01
        end: 2024-01-02
        inputs: [{table: others, partitionColumn: {{column}}, partitionFormat: {{format}}}]
        work: {task: count, command: [sh, -c, 'echo "$1" >> processed.txt', count, "{date}"]}
        """);

    private string[] Processed()
    {
        var file = Path.Combine(Dataset, "processed.txt");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }
}

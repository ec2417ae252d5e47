using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>Looking into one Parquet file from the command line.</summary>
public sealed class ParquetCommandTests : IDisposable
{
    private const int Failed = 1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_prints_its_rows_and_what_it_says_of_itself()
    {
        (await Cli.Run("devices", "load", _folder.Path, "2024-01-01", "--rows", "10")).Succeeded();
        var file = Directory.EnumerateFiles(_folder.Path, "*.parquet", SearchOption.AllDirectories).ShouldHaveSingleItem();

        var rows = Lines(await Cli.Run("parquet", "cat", file));
        rows.Length.ShouldBe(10);
        JsonNode.Parse(rows[0])!.AsObject().Select(p => p.Key).ShouldBe(["type", "full_name", "version"]);
        Lines(await Cli.Run("parquet", "cat", file, "--limit", "3")).ShouldBe(rows[..3]);
        Lines(await Cli.Run("parquet", "cat", file, "--limit", "0")).ShouldBeEmpty();

        var meta = (await Cli.Run("parquet", "meta", file, "-o", "json")).Succeeded().Json;
        ((long)meta["rows"]!).ShouldBe(10);
        meta["columns"]!.AsArray().Select(c => (string)c!["type"]!).ShouldBe(["string", "string", "string"]);
        meta["rowGroups"]!.AsArray().ShouldHaveSingleItem()!["columns"]!.AsArray().ShouldAllBe(c => (string)c!["codec"]! == "Snappy");
        (await Cli.Run("parquet", "meta", file)).Succeeded().Output.ShouldStartWith("10 rows in 1 row groups");
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused()
    {
        var file = Path.Combine(_folder.Path, "notes.txt");
        File.WriteAllText(file, "No columns here, and no rows.");

        var cat = await Cli.Run("parquet", "cat", file);
        cat.ExitCode.ShouldBe(Failed);
        ((string)cat.Json["outcome"]!).ShouldBe("error");
        ((string)cat.Json["error"]!["class"]!).ShouldBe("CorruptFile");
        cat.Errors.ShouldStartWith($"latecomer: {file}");
        ((string)(await Cli.Run("parquet", "meta", file, "-o", "json")).Json["error"]!["class"]!).ShouldBe("CorruptFile");
        (await Cli.Run("parquet", "meta", file)).Refused(Failed, file);
        (await Cli.Run("parquet", "meta", file + ".gone")).Refused(Failed, file + ".gone");
    }

    [SharedFact]
    public async Task A_foreign_file_prints_the_rows_that_others_read()
    {
        var folder = Path.Combine(SharedTestData.Root, "parquet");
        foreach (var name in new[] { "pt-nested_maps.snappy.parquet", "spark-parquet-all-types.parquet", "gen-duckdb-zstd-v2.parquet" })
        {
            var expectation = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, $"{name}.expected.json")))!;
            var expected = File.ReadLines(Path.Combine(folder, (string)expectation["expected"]!)).Select(line => JsonNode.Parse(line)).ToList();
            var rows = Lines(await Cli.Run("parquet", "cat", Path.Combine(folder, name), "--limit", $"{expected.Count}")).Select(line => JsonNode.Parse(line));
            rows.Zip(expected).ShouldAllBe(pair => JsonNode.DeepEquals(pair.First, pair.Second), name);
        }
    }

    private static string[] Lines(CommandResult result) => result.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

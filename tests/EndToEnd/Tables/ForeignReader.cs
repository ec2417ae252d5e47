using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Tables;

/// <summary>Reads Parquet files with hyparquet, which shares no line with the program.</summary>
internal static class ForeignReader
{
    /// <summary>The rows of files, each as JSON with its keys in order; file by file.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Rows(IEnumerable<string> files)
    {
        var modules = Environment.GetEnvironmentVariable("LATECOMER_NODE_MODULES") ?? BuiltProgram.FileOfCheckout("tests", "EndToEnd", "npm", "node_modules");
        Directory.Exists(Path.Combine(modules, "hyparquet")).ShouldBeTrue($"{modules} has no hyparquet: run ./test, which installs it");
        var surroundings = new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_NODE_MODULES"] = modules } };
        var script = Path.Combine(AppContext.BaseDirectory, "npm", "read.mjs");
        var result = (await Cli.RunProgram("node", surroundings, [script, .. files])).Succeeded();
        return result.Output.Split('\n').Select(line => JsonNode.Parse(line)!).ToDictionary(
            file => (string)file["path"]!,
            file => (IReadOnlyList<string>)[.. file["rows"]!.AsArray().Select(row => Canonical(row!.AsObject()))],
            StringComparer.Ordinal);
    }

    /// <summary>The rows of a file of JSON lines, in the same form.</summary>
    public static IReadOnlyList<string> JsonLines(string file) => [.. File.ReadLines(file).Select(line => Canonical(JsonNode.Parse(line)!.AsObject()))];

    /// <summary>The rows of a table by partition, in no order.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Partitions(string table)
    {
        var active = new TableLog(table).ActiveFiles();
        var rows = await Rows(active.Select(f => f.Path));
        return active.GroupBy(f => f.Partition).ToDictionary(
            g => g.Key, g => (IReadOnlyList<string>)[.. g.SelectMany(f => rows[f.Path]).Order(StringComparer.Ordinal)], StringComparer.Ordinal);
    }

    private static string Canonical(JsonObject row) =>
        new JsonObject(row.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => KeyValuePair.Create(column.Key, column.Value?.DeepClone()))).ToJsonString();
}

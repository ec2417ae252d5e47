using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What an independent reader says of a table, and how far a test may go by it.</summary>
internal sealed class ExpectedTable
{
    private static readonly string[] NotOfTheProduct = ["name", "source", "tags", "doubts", "log"];
    private static readonly string[] PerVersion = ["versions", "snapshots", "commits"];

    private readonly JsonNode _expected;

    private ExpectedTable(string folder, string name)
    {
        Table = Path.Combine(folder, name);
        _expected = JsonNode.Parse(File.ReadAllBytes($"{Table}.expected.json"))!;
        Root = JsonSerializer.SerializeToElement(_expected);
    }

    public string Table { get; }

    public JsonElement Root { get; }

    public bool IsReadable => Root.GetProperty("outcome").GetString() == "ok";

    public static ExpectedTable Load(string folder, string name) => new(folder, name);

    public static IEnumerable<string> Names(string folder)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        return [.. index.RootElement.GetProperty("tables").EnumerateArray().Select(table => table.GetProperty("name").GetString()!)];
    }

    /// <summary>Where a document differs from what it should be. Versions behind a failing check are left alone, sentences are not compared, and of an error
    /// any class will do that is as good.</summary>
    public IReadOnlyList<string> Differences(JsonElement document) =>
        JsonDifferences.Between(Comparable(_expected, isExpected: true), Comparable(JsonNode.Parse(document.GetRawText())!, isExpected: false), Ignores);

    private JsonElement Comparable(JsonNode document, bool isExpected)
    {
        var root = document.DeepClone().AsObject();
        foreach (var part in NotOfTheProduct)
        {
            root.Remove(part);
        }

        foreach (var part in PerVersion)
        {
            if (root[part] is JsonArray entries)
            {
                root[part] = new JsonArray([.. entries.Where(entry => IsReadableVersion(entry!["version"]!.GetValue<long>())).Select(entry => entry!.DeepClone())]);
            }
        }

        if (isExpected && root["error"] is JsonObject error)
        {
            error.Remove("acceptAlso");
        }

        return JsonSerializer.SerializeToElement(root);
    }

    private bool IsReadableVersion(long version) => Root.GetProperty("snapshotVersions").EnumerateArray()
        .Any(range => version >= range[0].GetInt64() && version <= range[1].GetInt64());

    private bool Ignores(string path) =>
        path.EndsWith(".message", StringComparison.Ordinal)
        || (path is ".error.class" && Root.GetProperty("error").TryGetProperty("acceptAlso", out _))
        || (path.EndsWith(".schemaStringSha256", StringComparison.Ordinal) && HasDoubt("schemaStringSha256"));

    private bool HasDoubt(string about) => Root.TryGetProperty("doubts", out var doubts)
        && doubts.EnumerateArray().Any(doubt => doubt.GetString()!.Contains(about, StringComparison.Ordinal));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What an independent reader says of a table, and how far a test may go by it.</summary>
internal sealed class ExpectedTable
{
    private const string Extension = ".expected.json";
    private static readonly string[] NotOfTheProduct = ["name", "source", "tags", "doubts", "log"];
    private static readonly string[] PerVersion = ["versions", "snapshots", "commits"];

    private readonly JsonNode _expected;

    private ExpectedTable(string folder, string name)
    {
        Table = Path.Combine(folder, name);
        _expected = JsonNode.Parse(File.ReadAllBytes(Table + Extension))!;
        Root = JsonSerializer.SerializeToElement(_expected);
    }

    public string Table { get; }

    public JsonElement Root { get; }

    public bool IsReadable => Root.GetProperty("outcome").GetString() == "ok";

    public static TheoryData<string> SharedNames => SharedTestData.SkipReason is null ? Names(SharedFolder) : [];

    public static TheoryData<string> HandmadeNames => Names(HandmadeTables.Folder);

    private static string SharedFolder => Path.Combine(SharedTestData.Root, "delta");

    public static ExpectedTable LoadShared(string name) => new(SharedFolder, name);

    public static ExpectedTable LoadHandmade(string name) => new(HandmadeTables.Folder, name);

    /// <summary>Where a document differs from what it should be. Versions behind a failing check are left alone, sentences are not compared, and of an error
    /// any class will do that is as good.</summary>
    public IReadOnlyList<string> Differences(JsonElement document) =>
        JsonDifferences.Between(Comparable(_expected, isExpected: true), Comparable(JsonNode.Parse(document.GetRawText())!, isExpected: false), Ignores);

    private static TheoryData<string> Names(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, $"*{Extension}").Select(path => Path.GetFileName(path)[..^Extension.Length]).Order(StringComparer.Ordinal),
    ];

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

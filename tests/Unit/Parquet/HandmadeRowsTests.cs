using System.Text.Json.Nodes;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>The rows that tests put into files by hand are the ones that are read.</summary>
public sealed class HandmadeRowsTests
{
    [Fact]
    public async Task Nulls_at_every_depth_empty_lists_and_empty_maps_are_told_apart()
    {
        HandmadeField[] fields =
        [
            HandmadeRows.Group("g", HandmadeRows.Long("n"), HandmadeRows.Group("deep", HandmadeRows.Text("t"), HandmadeRows.Texts("list")), HandmadeRows.Map("map")),
            HandmadeRows.Int("i"),
        ];
        string[] rows =
        [
            """{"g":null,"i":1}""",
            """{"g":{"n":null,"deep":null,"map":null},"i":null}""",
            """{"g":{"n":7,"deep":{"t":null,"list":null},"map":{}},"i":2}""",
            """{"g":{"n":8,"deep":{"t":"x","list":[]},"map":{"a":"1","b":null}},"i":3}""",
            """{"g":{"n":9,"deep":{"t":"","list":["p",null,"q"]},"map":{"c":""}},"i":4}""",
        ];
        var file = HandmadeRows.Of(fields, [.. rows.Select(row => JsonNode.Parse(row)!.AsObject())]);
        var read = await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file));
        read.Select(Unwrapped).ShouldBe(rows);
    }

    /// <summary>A row as it was put: numbers of 64 bits are read as texts, maps as pairs.</summary>
    private static string Unwrapped(string row)
    {
        var node = JsonNode.Parse(row)!;
        if (node["g"] is JsonObject group)
        {
            group["n"] = (string?)group["n"] is { } number ? long.Parse(number, null) : null;
            group["map"] = group["map"] is JsonArray pairs ? new JsonObject(pairs.Select(pair => KeyValuePair.Create((string)pair![0]!, pair[1]?.DeepClone()))) : null;
        }

        return node.ToJsonString();
    }
}

using System.Text.Json;
using YamlDotNet.Serialization;

namespace Latecomer.Node.Cli;

/// <summary>JSON as YAML, value for value: what is text in one is text in the other, also if it reads like a number or a date.</summary>
internal static class YamlOutput
{
    private const string Between = "---";

    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build();

    /// <summary>Writes a document; several values, as lines of JSON are, become several documents.</summary>
    public static void Write(string json, TextWriter to, bool isOneOfMany = false)
    {
        var values = JsonDocuments(json).ToList();
        foreach (var value in values)
        {
            if (isOneOfMany || values.Count > 1)
            {
                to.WriteLine(Between);
            }

            Serializer.Serialize(to, Plain(value));
        }
    }

    private static IEnumerable<object?> JsonDocuments(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions { AllowMultipleValues = true });
        var values = new List<object?>();
        while (reader.Read())
        {
            values.Add(JsonElement.ParseValue(ref reader));
        }

        return values;
    }

    private static object? Plain(object? value) => value is not JsonElement element ? value : element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value), StringComparer.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Select(item => Plain(item)).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

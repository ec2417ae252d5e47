using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Parts that the sections of the inspection document share.</summary>
internal static class InspectionJson
{
    internal static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    internal static void WriteError(Utf8JsonWriter json, DeltaException error)
    {
        json.WriteString("class", error.Class.ToString());
        json.WriteString("message", error.Message);
        if (error.Features.Count > 0)
        {
            json.WriteStartArray("features");
            foreach (var feature in error.Features)
            {
                json.WriteStringValue(feature);
            }

            json.WriteEndArray();
        }
    }

    internal static void WritePartition(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string?>> partition)
    {
        json.WriteStartObject(name);
        foreach (var (column, value) in partition)
        {
            json.WriteString(column, value);
        }

        json.WriteEndObject();
    }

    /// <summary>By which partitions are sorted: their JSON, whose UTF-8 bytes are compared.</summary>
    internal static string SortKey(IEnumerable<KeyValuePair<string, string?>> partition)
    {
        var key = new StringBuilder("{");
        foreach (var (column, value) in partition)
        {
            Append(key.Append(key.Length == 1 ? "" : ","), column);
            Append(key.Append(':'), value);
        }

        return key.Append('}').ToString();
    }

    private static void Append(StringBuilder key, string? text)
    {
        if (text is null)
        {
            key.Append("null");
            return;
        }

        key.Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' or '\\' => key.Append('\\').Append(unit),
                '\b' => key.Append("\\b"),
                '\f' => key.Append("\\f"),
                '\n' => key.Append("\\n"),
                '\r' => key.Append("\\r"),
                '\t' => key.Append("\\t"),
                < ' ' => key.Append("\\u").Append(((int)unit).ToString("x4")),
                _ => key.Append(unit),
            };
        }

        key.Append('"');
    }
}

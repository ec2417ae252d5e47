using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Devices;

/// <summary>Device rows as text: one JSON object a line, UTF-8, without a byte order mark.</summary>
internal static class DeviceLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes rows.</summary>
    public static void Write(TextWriter to, IEnumerable<Device> rows)
    {
        foreach (var row in rows)
        {
            to.Write(JsonSerializer.Serialize(row, Options));
            to.Write('\n');
        }
    }

    /// <summary>Reads all rows of <paramref name="from"/>; empty lines are skipped.</summary>
    /// <exception cref="Refusal">A line is no device; the sentence names <paramref name="name"/> and the line.</exception>
    public static IReadOnlyList<Device> Read(TextReader from, string name)
    {
        var rows = new List<Device>();
        for (var number = 1; from.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                rows.Add(Parse(line, $"{name}:{number}"));
            }
        }

        return rows;
    }

    private static Device Parse(string line, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<Device>(line, Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new Refusal(ExitCode.Usage, $"{where}: not a device, which reads {{\"type\":\"...\",\"full_name\":\"...\",\"version\":\"...\"}}.", e);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latecomer.Tests.Integration.Parquet;

/// <summary>Compares rows of readers whose types differ: some have no nanoseconds, no zone, or no UUIDs.</summary>
internal static partial class AlikeRows
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    /// <summary>The first place where two values differ; null if there is none.</summary>
    internal static string? FindDifference(JsonElement found, JsonElement wanted, string path)
    {
        switch (found.ValueKind, wanted.ValueKind)
        {
            case (JsonValueKind.Array, JsonValueKind.Array) when found.GetArrayLength() == wanted.GetArrayLength():
                return found.EnumerateArray().Zip(wanted.EnumerateArray())
                    .Select((pair, index) => FindDifference(pair.First, pair.Second, $"{path}[{index}]")).FirstOrDefault(difference => difference is not null);
            case (JsonValueKind.Object, JsonValueKind.Object) when Names(found).SequenceEqual(Names(wanted), StringComparer.Ordinal):
                return found.EnumerateObject().Zip(wanted.EnumerateObject())
                    .Select(pair => FindDifference(pair.First.Value, pair.Second.Value, $"{path}.{pair.First.Name}")).FirstOrDefault(difference => difference is not null);
            case (JsonValueKind.Number, JsonValueKind.Number) when found.GetDouble().Equals(wanted.GetDouble()):
            case (JsonValueKind.String, JsonValueKind.String) when IsSame(found.GetString()!, wanted.GetString()!):
            case (JsonValueKind.True, JsonValueKind.True) or (JsonValueKind.False, JsonValueKind.False) or (JsonValueKind.Null, JsonValueKind.Null):
                return null;
            default:
                return $"{path}: {found.GetRawText()} instead of {wanted.GetRawText()}";
        }
    }

    private static IEnumerable<string> Names(JsonElement row) => row.EnumerateObject().Select(property => property.Name);

    private static bool IsSame(string found, string wanted)
    {
        if (found == wanted)
        {
            return true;
        }

        if (NanosecondText().IsMatch(wanted))
        {
            // With nanoseconds all of them are compared; without, some readers round.
            return found.TrimEnd('Z') == wanted.TrimEnd('Z') || (MicrosecondText().IsMatch(found) && (Time(found) - Time(wanted)).Duration() <= Microsecond);
        }

        return Guid.TryParseExact(wanted, "D", out var uuid) && found == Convert.ToBase64String(uuid.ToByteArray(bigEndian: true));
    }

    private static DateTime Time(string text) =>
        DateTime.Parse(text.Contains('T', StringComparison.Ordinal) ? text.TrimEnd('Z') : $"2000-01-01T{text}", CultureInfo.InvariantCulture);

    [GeneratedRegex("\\.[0-9]{6}Z?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MicrosecondText();

    [GeneratedRegex("^([-+0-9]+-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NanosecondText();
}

using System.Text.Json;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Where two JSON documents differ, by path. The order of an object's members says nothing.</summary>
internal static class JsonDifferences
{
    private const int Most = 20;

    /// <summary>The differences; what a caller ignores is left out with all below it. A path is like <c>.commits[3].partitions[0].added</c>.</summary>
    public static IReadOnlyList<string> Between(JsonElement expected, JsonElement actual, Func<string, bool> ignore)
    {
        var found = new List<string>();
        Compare(expected, actual, "", ignore, found);
        return found;
    }

    private static void Compare(JsonElement expected, JsonElement actual, string path, Func<string, bool> ignore, List<string> found)
    {
        if (found.Count >= Most || ignore(path))
        {
            return;
        }

        switch (expected.ValueKind, actual.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareObjects(expected, actual, path, ignore, found);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareArrays(expected, actual, path, ignore, found);
                break;
            case (JsonValueKind.String, JsonValueKind.String) when expected.GetString() == actual.GetString():
                break;
            default:
                if (expected.ValueKind == JsonValueKind.String || expected.GetRawText() != actual.GetRawText())
                {
                    found.Add($"{path}: {Shown(actual)} should be {Shown(expected)}");
                }

                break;
        }
    }

    private static void CompareObjects(JsonElement expected, JsonElement actual, string path, Func<string, bool> ignore, List<string> found)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var inner = $"{path}.{member.Name}";
            if (actual.TryGetProperty(member.Name, out var other))
            {
                Compare(member.Value, other, inner, ignore, found);
            }
            else if (!ignore(inner))
            {
                found.Add($"{inner} is missing; it should be {Shown(member.Value)}");
            }
        }

        foreach (var member in actual.EnumerateObject().Where(member => !expected.TryGetProperty(member.Name, out _) && !ignore($"{path}.{member.Name}")))
        {
            found.Add($"{path}.{member.Name} should not be there: {Shown(member.Value)}");
        }
    }

    private static void CompareArrays(JsonElement expected, JsonElement actual, string path, Func<string, bool> ignore, List<string> found)
    {
        for (var i = 0; i < Math.Min(expected.GetArrayLength(), actual.GetArrayLength()); i++)
        {
            Compare(expected[i], actual[i], $"{path}[{i}]", ignore, found);
        }

        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            found.Add($"{path} has {actual.GetArrayLength()} entries and should have {expected.GetArrayLength()}");
        }
    }

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 300 } text ? $"{text[..300]}..." : value.GetRawText();
}

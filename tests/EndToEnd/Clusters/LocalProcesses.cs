using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary>The processes of a cluster on this machine, found by proc(5) and not by what the program notes of them.</summary>
internal static class LocalProcesses
{
    /// <summary>The record of a data folder's cluster; null if there is none.</summary>
    public static JsonObject? Record(string data)
    {
        var file = Path.Combine(data, "state", "cluster.json");
        return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : null;
    }

    /// <summary>The folder of the cluster's database; null if there is none.</summary>
    public static string? DatabaseFolder(string data) => (string?)Record(data)?["postgres"]?["folder"];

    /// <summary>The command lines of all processes that have one of these texts in theirs.</summary>
    public static IReadOnlyList<string> With(params string?[] texts) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)).Select(CommandLine)
            .Where(line => texts.OfType<string>().Any(text => line.Contains(text, StringComparison.Ordinal))),
    ];

    /// <summary>Waits until no process is left of a cluster, and sees that its database is gone, if it is to be.</summary>
    public static async Task ShouldBeGone(string data, string? database, bool isRemoved = true)
    {
        IReadOnlyList<string> left = [];
        await Waiting.Until($"the end of all processes of {data}", () => (left = With($"{data}", database)).Count == 0, () => string.Join('\n', left));
        if (database is not null)
        {
            Directory.Exists(database).ShouldBe(!isRemoved);
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

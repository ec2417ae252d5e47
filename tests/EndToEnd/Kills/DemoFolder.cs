using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Tables;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>What a demo is at.</summary>
internal enum DemoPhase
{
    Restart,
    Load,
    Runs,
    Clear,
    Backfill,
    Finished,
}

/// <summary>How far the demo of a folder has come, by nothing but its files: what a dead process left is all that the next one has.</summary>
internal static class DemoFolder
{
    /// <summary>The phase that the demo is in, unless it is only starting.</summary>
    public static DemoPhase PhaseOf(string data, Scenario scenario)
    {
        var progress = Progress(data);
        var loads = LoadsIn(data);
        return progress switch
        {
            _ when loads < SeedsDay.LoadsOnTime => DemoPhase.Load,
            not null when progress["FirstRunsMs"] is null => DemoPhase.Runs,
            not null when loads < SeedsDay.Loads.Count || progress["Late"] is null => DemoPhase.Load,
            not null when progress["Affected"]!.AsArray().Count < scenario.Clears.Count => DemoPhase.Clear,
            not null when progress["Nodes"] is null => DemoPhase.Backfill,
            _ => DemoPhase.Finished,
        };
    }

    private static JsonNode? Progress(string data)
    {
        var file = Path.Combine(data, "state", "demo.json");
        return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
    }

    private static int LoadsIn(string data)
    {
        var table = new SeedsDay(data).Devices;
        return Directory.Exists(Path.Combine(table, "_delta_log")) ? new TableLog(table).Versions.Count : 0;
    }
}

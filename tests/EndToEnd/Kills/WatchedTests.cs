using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>Watches of a node that is killed (<c>SIGKILL</c>) while they look, and started again: they go on by their resume tokens.</summary>
public sealed class WatchedTests : IDisposable
{
    private const int Days = 6;
    private const int Kills = 3;
    private const int Interrupted = 130;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_missed_and_nothing_told_twice_over_kills_of_the_node()
    {
        var table = new SmallTable(Path.Combine(_folder.Path, "dataset", Orders.Table), Orders.Column);
        for (var day = 1; day <= Days + 1; day++)
        {
            await table.Append($"2026-01-{day:D2}");
        }

        var node = await NodeProcess.Start(_folder.Path);
        await using var watch = ProgramProcess.Interruptible("runs", "watch", "-o", "json", "--server", node.Server);
        var begin = (string)JsonNode.Parse(await watch.Line("where it begins", l => l.Contains("resumeToken", StringComparison.Ordinal)))!["resumeToken"]!;
        await node.Api.Call("Pipelines/Apply", Pipeline());
        await using var list = ProgramProcess.Interruptible("runs", "list", "orders", "--watch", "-o", "plain", "--server", node.Server);
        await list.Line("the first run", l => l.StartsWith("2026-01-01\t", StringComparison.Ordinal));
        for (var kill = 0; kill < Kills; kill++)
        {
            var told = Told(watch).Count;
            await Waiting.Until("more that happens", () => Told(watch).Count > told + 5, watch.Story);
            await node.Process.Kill();
            var next = await NodeProcess.InPlaceOf(node, _folder.Path);
            await node.DisposeAsync();
            node = next;
        }

        await using var last = node;
        await node.Runs("orders", "all its runs", runs => runs.Count == Days && runs.All(r => r.HasSucceeded));
        await using var again = ProgramProcess.Interruptible("runs", "watch", "--resume-token", begin, "-o", "json", "--server", node.Server);
        await Waiting.Until(
            "what was told to be what is told once more from the beginning on",
            () => Told(again) is var whole && whole.Count(c => c.Contains(" RunEnded ", StringComparison.Ordinal)) == Days && Told(watch).SequenceEqual(whole),
            () => string.Join('\n', Told(watch).Except(Told(again)).Select(c => $"only then: {c}").Concat(Told(again).Except(Told(watch)).Select(c => $"only now: {c}"))));
        Told(watch).ShouldBeUnique();
        for (var day = 1; day <= Days; day++)
        {
            await list.Line($"the end of the run of {day}", l => l.StartsWith($"2026-01-{day:D2}\t", StringComparison.Ordinal) && l.Contains("\tsuccess\t7/7", StringComparison.Ordinal));
        }

        foreach (var process in new[] { watch, list, again })
        {
            await process.Interrupt();
            (await process.Exit()).ShouldBe(Interrupted, process.Story());
        }
    }

    /// <summary>Six days, two at a time, whose work takes long enough to be hit.</summary>
    private static JsonObject Pipeline()
    {
        var apply = Orders.Apply("orders", "2026-01-01");
        var pipeline = apply["pipeline"]!.AsObject();
        pipeline["end"] = $"2026-01-{Days:D2}";
        pipeline["maxActiveRuns"] = 2;
        pipeline["work"]!["command"] = new JsonObject { ["program"] = "sleep", ["arguments"] = new JsonArray("0.3") };
        return apply;
    }

    /// <summary>What a watch told: of each partition in its order, and partition by partition, for between them there is none.</summary>
    private static List<string> Told(ProgramProcess watch) =>
    [
        .. watch.Output.Lines.Select(line => JsonNode.Parse(line)!["changes"]?.AsArray() ?? []).SelectMany(changes => changes)
            .Select(c => $"{c!["logicalDate"]} {c["revision"]} {c["type"]} {c["runId"]} {c["taskId"]}").OrderBy(c => c[.."2026-01-01".Length], StringComparer.Ordinal),
    ];
}

using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>Watches of a node that is killed (<c>SIGKILL</c>) while they look, and started again: they go on by their resume tokens. Who waits goes on waiting.</summary>
public sealed class WatchedTests : IDisposable
{
    private const int Days = 6;
    private const int Kills = 3;
    private const int Interrupted = 130;

    private readonly TemporaryFolder _folder = new();

    private string Gates => Path.Combine(_folder.Path, "gates");

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
        Directory.CreateDirectory(Gates);
        await using var watch = ProgramProcess.Interruptible("runs", "watch", "-o", "json", "--server", node.Server);
        var begin = (string)JsonNode.Parse(await watch.Line("where it begins", l => l.Contains("resumeToken", StringComparison.Ordinal)))!["resumeToken"]!;
        await node.Api.Call("Pipelines/Apply", Pipeline());
        await using var list = ProgramProcess.Interruptible("runs", "list", "orders", "--watch", "-o", "plain", "--server", node.Server);
        await list.Line("the first run", l => l.StartsWith("2026-01-01\t", StringComparison.Ordinal));
        await using var wait = ProgramProcess.Latecomer(["runs", "wait", "orders", "--count", $"{Days}", "--server", node.Server]);
        await Waiting.Within("the first run to be shown", wait.Errors.Line(l => l.StartsWith("scheduled__2026-01-01", StringComparison.Ordinal)), wait.Story);
        for (var kill = 0; kill < Kills; kill++)
        {
            var told = Told(watch).Count;
            Open((2 * kill) + 1, (2 * kill) + 2);
            await Waiting.Until("more that happens", () => Told(watch).Count > told + 5, watch.Story);
            await node.Process.Kill();
            var next = await NodeProcess.InPlaceOf(node, _folder.Path);
            await node.DisposeAsync();
            node = next;
        }

        await using var last = node;
        await node.Runs("orders", "all its runs", runs => runs.Count == Days && runs.All(r => r.HasSucceeded));
        (await wait.Exit()).ShouldBe(0, wait.Story());
        wait.Errors.Text.ShouldContain("Waiting until a node answers.");
        wait.Errors.Text.ShouldContain($"{Days} runs ended, all succeeded.");
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

    /// <summary>Six days, two at a time, whose work waits until it may go on, and takes long enough then to be hit.</summary>
    private JsonObject Pipeline()
    {
        var apply = Orders.Apply("orders", "2026-01-01");
        var pipeline = apply["pipeline"]!.AsObject();
        pipeline["end"] = $"2026-01-{Days:D2}";
        pipeline["maxActiveRuns"] = 2;
        pipeline["work"]!["command"] = new JsonObject
        {
            ["program"] = "/bin/sh",
            ["arguments"] = new JsonArray("-c", "while [ ! -e \"$0/$1\" ]; do sleep 0.05; done; sleep 0.3", Gates, "{date}"),
        };
        return apply;
    }

    private void Open(params IEnumerable<int> days)
    {
        foreach (var day in days)
        {
            File.WriteAllText(Path.Combine(Gates, $"2026-01-{day:D2}"), "");
        }
    }

    /// <summary>What a watch told: of each partition in its order, and partition by partition, for between them there is none.</summary>
    private static List<string> Told(ProgramProcess watch) =>
    [
        .. watch.Output.Lines.Select(line => JsonNode.Parse(line)!["changes"]?.AsArray() ?? []).SelectMany(changes => changes)
            .Select(c => $"{c!["logicalDate"]} {c["revision"]} {c["type"]} {c["runId"]} {c["taskId"]}").OrderBy(c => c[.."2026-01-01".Length], StringComparer.Ordinal),
    ];
}

using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>The verbs of the command line that only look, and those that go on looking.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        await new SeedsDay(_folder.Path).LoadOnTime();
        _node = await NodeProcess.Start(_folder.Path);
        (await _node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded();
        (await _node.Cli("runs", "wait", SeedsDay.Pipeline, "--count", "5")).Succeeded();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_thing_can_be_got_by_its_name()
    {
        (await Plain("pipelines", "get", SeedsDay.Pipeline))[0][..2].ShouldBe([SeedsDay.Pipeline, "active"]);
        (await Plain("runs", "get", SeedsDay.Pipeline, "2024-01-03")).Select(t => t[0]).ShouldBe(SeedsDay.Tasks);
        (await Plain("runs", "get", SeedsDay.Pipeline, "2024-01-03", "--tries")).Select(t => t[0]).ShouldContain(SeedsDay.Work);
        (await Plain("runs", "list", SeedsDay.Pipeline, "--from-date", "2024-01-02", "--to-date", "2024-01-03", "--state", "success", "--kind", "scheduled")).Select(r => r[0])
            .ShouldBe(["2024-01-02", "2024-01-03"]);
        (await Plain("partitions", "get", SeedsDay.Pipeline, "2024-01-03"))[0][..2].ShouldBe(["devices", "1"]);
        (await Plain("tables", "get", "devices"))[0][..3].ShouldBe(["devices", "6", SeedsDay.Pipeline]);
        (await Plain("tables", "sync", "devices"))[0].ShouldBe(["6"]);
        (await _node.Cli("runs", "get", SeedsDay.Pipeline, "2024-01-09")).Refused(Failed, "2024-01-09");
    }

    [Fact]
    public async Task Commits_are_those_of_a_folder_or_those_that_a_node_has_seen()
    {
        var day = new SeedsDay(_folder.Path);
        await day.Load(SeedsDay.LoadsOnTime);
        (await Plain("tables", "sync", "devices"))[0].ShouldBe(["7"]);
        (await Plain("tables", "commits", "devices", "--after", "4")).Select(c => c[0]).ShouldBe(["7"], "those of before were there when the node first looked");
        var folder = (await Cli.Run("tables", "commits", day.Devices, "--after", "4", "-o", "plain")).Succeeded().Output.Split('\n').Select(l => l.Split('\t')).ToList();
        folder.Select(c => c[0]).ShouldBe(["5", "6", "7"]);
        folder[0][3].ShouldBe("event_time=2024-01-06");

        var inside = new Surroundings { Folder = day.Dataset, Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_SERVER"] = _node.Server } };
        (await Cli.Run(inside, "tables", "commits", "devices", "-o", "plain")).Succeeded().Output.ShouldContain("event_time=2024-01-06", Case.Sensitive, "a folder that is there is read");
        (await Cli.Run(inside, "tables", "commits", "devices", "-o", "plain", "--server", _node.Server)).Succeeded().Output.ShouldNotContain("event_time", Case.Sensitive, "who names a node asks it");
    }

    [Fact]
    public async Task Shards_and_actors_are_shown_by_our_names_and_by_those_of_petabridge()
    {
        (await Plain("cluster", "shards")).Count.ShouldBe(258);
        (await Plain("cluster-sharding", "list-shards", "--node", "node-1")).Count.ShouldBe(258);
        (await Plain("cluster", "actors", "Partition")).Select(a => a[1]).ShouldContain(key => key.Contains("2024-01-03", StringComparison.Ordinal));
        var key = (await Plain("cluster", "actors", "Pipeline"))[0][1];
        ((string)(await _node.Cli("cluster", "actors", "Pipeline", key, "-o", "json")).Succeeded().Json["state"]!).ShouldContain("devices");
        (await _node.Cli("actor", "hierarchy")).Succeeded().Output.ShouldContain("Partition");
    }

    [Fact]
    public async Task A_watch_tells_what_happens_until_it_is_interrupted()
    {
        await using var runs = ProgramProcess.Interruptible("runs", "watch", SeedsDay.Pipeline, "-o", "json", "--server", _node.Server);
        await using var list = ProgramProcess.Interruptible("runs", "list", SeedsDay.Pipeline, "--watch", "-o", "plain", "--server", _node.Server);
        await using var late = ProgramProcess.Interruptible("partitions", "list", SeedsDay.Pipeline, "--late", "--watch", "--server", _node.Server);
        await late.Line("the header, for nothing is late", l => l.StartsWith("EXECUTION DATE", StringComparison.Ordinal));
        await runs.Line("where the stream begins", l => l.Contains("resumeToken", StringComparison.Ordinal));
        await list.Line("the last run as it was", l => l.StartsWith("2024-01-05\t", StringComparison.Ordinal));

        await new SeedsDay(_folder.Path).Load(SeedsDay.LoadsOnTime);
        await late.Line("the date that became late", l => l.StartsWith("2024-01-02", StringComparison.Ordinal) && l.Contains("late", StringComparison.Ordinal));
        (await _node.Cli("runs", "clear", SeedsDay.Pipeline, "2024-01-05", "--task", SeedsDay.Tasks[^1], "--yes")).Succeeded();
        await runs.Line("the task that was cleared", l => l.Contains("scheduled__2024-01-05", StringComparison.Ordinal) && l.Contains(SeedsDay.Tasks[^1], StringComparison.Ordinal));
        await list.Line("the run anew", l => l.StartsWith("2024-01-05\t", StringComparison.Ordinal) && list.Output.Lines.Count(x => x.StartsWith("2024-01-05\t", StringComparison.Ordinal)) > 1);
        foreach (var watch in new[] { runs, list, late })
        {
            await watch.Interrupt();
            (await watch.Exit()).ShouldBe(Interrupted, watch.Story());
        }
    }

    [Fact]
    public async Task Runs_of_another_system_mark_by_the_command_line()
    {
        const string pipeline = "by_airflow";
        var file = Path.Combine(_folder.Path, "by_airflow.yaml");
        await File.WriteAllTextAsync(file, $$"""
            name: {{pipeline}}
            schedule: "@daily"
            start: 2024-01-01
            inputs: [{table: devices, partitionColumn: event_time}]
            work: external
            configurationFolder: by_airflow
            """);
        (await _node.Cli("pipelines", "apply", file)).Succeeded();
        string[] mark = ["partitions", "mark-as-processing", pipeline, "2024-01-01", "--run"];
        var marked = (await Plain([.. mark, "manual__mine"]))[0];
        marked[0].ShouldBe("devices@6");
        (await Plain([.. mark, "manual__mine"]))[0].ShouldBe(marked, "the same try again");
        (await _node.Cli([.. mark, "manual__other"])).Refused(Failed, "manual__mine");
        (await Plain("partitions", "list", pipeline, "--held"))[0][0].ShouldBe("2024-01-01");
        (await Plain("partitions", "mark-as-processed", pipeline, "2024-01-01", "--run", "manual__mine"))[0][0].ShouldBe("devices@6");
        (await Plain("partitions", "list", pipeline, "--held")).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string[]>> Plain(params string[] command) =>
        [.. (await _node.Cli([.. command, "-o", "plain"])).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
}

using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>The console: at a terminal, and from a pipe.</summary>
public sealed class ConsoleTests : IAsyncLifetime
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const string Tab = "\t";
    private const string Up = "\u001b[A";
    private const string ControlC = "\u0003";
    private const string ControlD = "\u0004";

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        var day = new SeedsDay(_folder.Path);
        await day.Load(0);
        await day.Load(1);
        _node = await NodeProcess.Start(_folder.Path);
        (await _node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded();
        await _node.Runs(SeedsDay.Pipeline, "the first run", runs => runs.Any(r => r.HasSucceeded));
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task At_a_terminal_commands_and_names_are_completed_and_a_watch_ends_with_control_c_and_the_session_does_not()
    {
        await using var console = Terminal.Start(State, "console", "--server", _node.Server);
        await console.Shows($"latecomer {_node.Address.Authority}> ");
        await console.Type($"part{Tab}get dev{Tab}");
        await console.Shows($"partitions get {SeedsDay.Pipeline} ");
        await console.Type("2024-01-01\r");
        await console.Shows($"{SeedsDay.Pipeline} 2024-01-01: not late");

        await console.Type("cluster show --watch\r");
        await console.Shows("node-1");
        await console.Shows("backlog");
        await console.Type(ControlC);
        await console.Shows("> ");
        await console.Type("no such command\r");
        await console.Shows("'no' is not understood here");
        await console.Type($"{Up}{Up}{Up}\r");
        await console.Shows($"{SeedsDay.Pipeline} 2024-01-01: not late");
        await console.Type("help runs clear\r");
        await console.Shows("--only-failed");
        await console.Type($"runs clear {SeedsDay.Pipeline} 2024-01-01\r");
        await console.Shows("Clear them? [y/N] ");
        await console.Type("n\r");
        await console.Shows("Nothing was done");
        await console.Type($"partitions explain {SeedsDay.Pipeline} 2024-01-01\r");
        await console.Shows("now: ");
        await console.Type(ControlD);
        (await console.Exit()).ShouldBe(0, console.Screen);
        (await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "latecomer", "history")))[0].ShouldBe($"partitions get {SeedsDay.Pipeline} 2024-01-01");
    }

    [Fact]
    public async Task From_a_pipe_there_is_no_prompt_and_the_names_of_petabridge_work()
    {
        var played = (await Play("""
            # who is there
            cluster show -o plain
            cluster-sharding list-regions -o plain   # as there

            latecomer pipelines list -o plain
            exit
            runs list nobody-gets-here
            """)).Succeeded();
        var lines = played.Output.Split('\n');
        lines.Length.ShouldBe(3, played.Output);
        lines[0].ShouldStartWith("node-1\tlive\t");
        lines[1].ShouldStartWith("node-1\t");
        lines[2].ShouldStartWith($"{SeedsDay.Pipeline}\t@daily\t");
        played.Errors.ShouldBe("");
    }

    [Fact]
    public async Task From_a_pipe_the_first_command_that_fails_ends_it_unless_it_is_to_keep_going()
    {
        const string lines = "health\nruns list nothing\npipelines list -o plain\nruns clear\n";
        var stopped = await Play(lines);
        stopped.ExitCode.ShouldBe(Failed);
        stopped.Output.ShouldBe("ready");
        stopped.Errors.ShouldContain("line 2 ended with exit code 1: runs list nothing");

        var kept = await Play(lines, "--keep-going");
        kept.ExitCode.ShouldBe(Failed, "that of the first one");
        kept.Output.Split('\n').Length.ShouldBe(2);
        kept.Errors.ShouldContain("line 4 ended with exit code 2: runs clear");
        (await Play("runs list 'orders\n")).ExitCode.ShouldBe(Usage);
    }

    [Theory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task The_seeds_day_by_the_console_from_a_pipe_ends_as_the_table_says(string name)
    {
        using var folder = new TemporaryFolder();
        var (scenario, day) = (Scenario.Named(name), new SeedsDay(folder.Path));
        await using var node = await NodeProcess.Start(folder.Path, nodes: 2);
        string Load(int load) => $"""
            devices generate --rows {SeedsDay.Rows} --seed {load + 1} --output '{day.InputFile(load)}'
            devices load '{day.Devices}' {SeedsDay.Loads[load]} --input '{day.InputFile(load)}'
            """;
        Directory.CreateDirectory(Path.GetDirectoryName(day.InputFile(0))!);
        string[] lines =
        [
            "# a week on time",
            .. Enumerable.Range(0, SeedsDay.LoadsOnTime).Select(Load),
            $"pipelines apply '{SeedsDay.PipelineFile}'",
            $"runs wait {SeedsDay.Pipeline} --count 5 --timeout 5m",
            "# two days of it again, and what a person clears then",
            Load(SeedsDay.LoadsOnTime),
            Load(SeedsDay.LoadsOnTime + 1),
            .. scenario.Clears.Select(c => $"runs clear {SeedsDay.Pipeline} {string.Join(' ', c.Arguments)} --wait"),
            $"runs wait {SeedsDay.Pipeline} --count {Scenario.Dates.Count + scenario.Backfills.Count} --timeout 5m",
            $"runs list {SeedsDay.Pipeline} -o json",
        ];
        var played = (await Play(string.Join('\n', lines), node)).Succeeded();
        var runs = RunView.All(JsonNode.Parse(played.Output[played.Output.IndexOf('{', StringComparison.Ordinal)..])!.AsObject());
        runs.Count.ShouldBe(Scenario.Dates.Count + scenario.Backfills.Count);
        await Outcome.ShouldBe(folder.Path, scenario, node);
        await node.Stop();
    }

    private Dictionary<string, string> State => new(StringComparer.Ordinal) { ["XDG_STATE_HOME"] = _folder.Path, ["LATECOMER_COMPLETION_TIMEOUT"] = "60s" };

    private Task<CommandResult> Play(string lines, params string[] arguments) => Play(lines, _node, arguments);

    private static Task<CommandResult> Play(string lines, NodeProcess node, params string[] arguments) =>
        Cli.Run(new Surroundings { Input = lines }, ["console", "--server", node.Server, .. arguments]);
}

using System.Collections.Immutable;
using System.Runtime.Versioning;
using Latecomer.Activities;
using Latecomer.Contracts;
using Latecomer.Runtime;
using static Latecomer.Tests.Unit.Activities.CommandBench;

namespace Latecomer.Tests.Unit.Activities;

[SupportedOSPlatform("linux")]
public sealed class CommandFacts : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_command_gets_its_run_by_arguments_and_variables()
    {
        var run = Shell(
            """printf '%s\n' "$@" > arguments; env | grep -E '^(LATECOMER_|WHAT)' | sort > variables; pwd > folder""",
            "{pipeline} {date} {logical_date}", "{run_id}", "{try}-{hold}", "{key}", "{partition}", "{pin.web/clicks}", "{{date}} $(x) {\"a\": \"b c\"}", "");

        (await _bench.Run(run)).Note.ShouldBeNull();

        _bench.Lines("arguments").ShouldBe(
        [
            "counting 2001-05-01 2001-05-01T00:00:00Z", "scheduled__2001-05-01T00:00:00Z", "2-5", "counting/2001-05-01/scheduled/5", "day=2001-05-01", "8",
            "{date} $(x) {\"a\": \"b c\"}", "",
        ]);
        _bench.Lines("variables").Where(IsOfTheRun).ShouldBe(
        [
            "LATECOMER_HOLD_NUMBER=5",
            "LATECOMER_IDEMPOTENCY_KEY=counting/2001-05-01/scheduled/5",
            "LATECOMER_LOGICAL_DATE=2001-05-01T00:00:00Z",
            "LATECOMER_PARTITION=day=2001-05-01",
            "LATECOMER_PIN={\"web/clicks\":{\"tableId\":\"t-1\",\"version\":8}}",
            "LATECOMER_PIPELINE=counting",
            "LATECOMER_RUN_ID=scheduled__2001-05-01T00:00:00Z",
            "LATECOMER_TRY_NUMBER=2",
            "WHAT=day=2001-05-01",
        ]);
        _bench.Lines("folder").ShouldBe([_bench.Dataset]);
    }

    /// <summary>What the process of the tests was started with is inherited, and no matter of the run's.</summary>
    private static bool IsOfTheRun(string variable) => Environment.GetEnvironmentVariable(variable[..variable.IndexOf('=', StringComparison.Ordinal)]) is null;

    [Fact]
    public async Task A_failing_command_is_told_with_its_exit_code_and_last_lines()
    {
        var failure = await Should.ThrowAsync<ActivityFailedException>(_bench.Run(Shell("seq 100; echo cannot reach the warehouse >&2; exit 3")));

        failure.Message.ShouldStartWith("sh ended with exit code 3; 0 means success. It printed at last:\n");
        failure.Message.ShouldEndWith("\n99\n100\ncannot reach the warehouse");
        failure.Message.ShouldNotContain("\n81\n");
    }

    [Fact]
    public async Task Another_exit_code_may_mean_success()
    {
        var command = (Work.Command)Shell("exit 4").Definition.Work;
        await _bench.Run(Of(command with { ExpectedExitCode = 4 }));

        (await Should.ThrowAsync<ActivityFailedException>(_bench.Run(Of(command with { ExpectedExitCode = 4, Arguments = ["-c", "exit 0"] }) with { Try = 3 })))
            .Message.ShouldBe("sh ended with exit code 0; 4 means success. It printed nothing.");
    }

    [Fact]
    public async Task A_path_of_its_own_is_the_commands_alone()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Dataset, "tools"));
        var tool = Path.Combine(_bench.Dataset, "tools", "hello");
        await File.WriteAllTextAsync(tool, "#!/bin/sh\necho \"$PATH\" >> said\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await _bench.Run(Of(new Work.Command("note", "hello", [], ImmutableSortedDictionary<string, string>.Empty.Add("PATH", "tools"))));

        _bench.Lines("said").ShouldBe(["tools"]);
    }

    [Fact]
    public async Task A_program_that_went_away_is_told()
    {
        var run = Of(new Work.Command("note", "./tool", [], ImmutableSortedDictionary<string, string>.Empty));
        (await Should.ThrowAsync<ActivityFailedException>(_bench.Run(run))).Message.ShouldContain("does not exist or is not executable");
    }

    [Fact]
    public async Task What_a_command_left_running_ends_with_it()
    {
        _bench.Pipe("started");
        var run = _bench.Run(Shell("(trap '' TERM; echo ready > started; exec sleep 1000) & read line < started"));
        await run;

        var process = _bench.Executions().ShouldHaveSingleItem().Process.ShouldNotBeNull();
        ProcessTable.SessionOf(process, $"{CommandLine.KeyVariable}=counting/2001-05-01/scheduled/5").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_printed_stays_bounded()
    {
        _bench.Pipe("go");
        var run = _bench.Run(Shell("head -c 9000000 /dev/zero | tr '\\0' x; echo; read line < go; echo the end; exit 1"));
        await _bench.Give("go", "on");

        (await Should.ThrowAsync<ActivityFailedException>(run)).Message.ShouldEndWith("the end");
        var output = new CommandOutput(_bench.Executions().ShouldHaveSingleItem().Output);
        output.Bound();
        output.LastLines().ShouldEndWith("x\nthe end");
        await _bench.Run(Shell("find ../state -name output -exec stat -c '%b %B' {} + > blocks") with { Try = 3 });
        _bench.Lines("blocks").Select(line => line.Split(' ')).Sum(line => long.Parse(line[0]) * long.Parse(line[1])).ShouldBeLessThan(1_000_000);
    }
}

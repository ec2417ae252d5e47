using System.Diagnostics;
using System.Globalization;
using Latecomer.Activities;
using Latecomer.Runtime;
using static Latecomer.Tests.Unit.Activities.CommandBench;

namespace Latecomer.Tests.Unit.Activities;

public sealed class CommandRecoveryFacts : IDisposable
{
    private const string Mark = $"{CommandLine.KeyVariable}=counting/2001-05-01/scheduled/5";
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_command_that_runs_on_is_found_again_and_not_started_twice()
    {
        var run = Shell("echo begun >> log; echo ready > started; read line < go; echo $line >> log; exit 6");
        _bench.Pipe("go");
        _bench.Pipe("started");
        _bench.RunAndCrash(run);
        await _bench.Take("started");

        var second = _bench.Run(run, attempt: 2);
        await _bench.Give("go", "on");

        (await Should.ThrowAsync<ActivityFailedException>(second)).Message.ShouldContain("exit code 6");
        _bench.Lines("log").ShouldBe(["begun", "on"]);
    }

    [Fact]
    public async Task However_soon_after_the_start_a_node_is_lost_the_command_runs_once()
    {
        for (var time = 1; time <= 8; time++)
        {
            var run = Shell($"echo {time} >> log") with { Try = time };
            for (var attempt = 1; attempt < time; attempt++)
            {
                _bench.RunAndCrash(run, attempt);
            }

            await _bench.Run(run, attempt: time);
            await _bench.Run(run, attempt: time + 1);
        }

        _bench.Lines("log").ShouldBe(Enumerable.Range(1, 8).Select(time => time.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Attempts_at_once_run_the_command_once_and_see_the_same_end()
    {
        var run = Shell("echo ran >> log");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _bench.Run(run))));

        _bench.Lines("log").ShouldBe(["ran"]);
    }

    [Fact]
    public async Task Another_try_runs_the_command_again()
    {
        await _bench.Run(Shell("echo ran >> log"));
        await _bench.Run(Shell("echo ran >> log") with { Try = 3 });

        _bench.Lines("log").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Stopping_ends_every_process_of_the_command_even_those_that_do_not_want_to()
    {
        _bench.Pipe("started");
        using var stop = new CancellationTokenSource();
        var run = _bench.Run(Shell("(trap '' TERM; while :; do sleep 1; done) & sh -c \"trap '' TERM; echo ready > started; while :; do sleep 1; done\"; echo on >> log"), stop: stop.Token);
        (await _bench.Take("started")).ShouldBe("ready");
        var process = _bench.Executions().ShouldHaveSingleItem().Process.ShouldNotBeNull();
        ProcessTable.SessionOf(process, Mark).Count.ShouldBeGreaterThan(2);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run);
        ProcessTable.SessionOf(process, Mark).ShouldBeEmpty();
        _bench.Executions().ShouldHaveSingleItem().IsStopped.ShouldBeTrue();
        _bench.Lines("log").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_that_comes_before_the_start_keeps_it_from_happening()
    {
        var run = Shell("echo ran >> log");
        await Should.ThrowAsync<OperationCanceledException>(_bench.Run(run, attempt: 2, stop: new CancellationToken(canceled: true)));
        await Should.ThrowAsync<ActivityFailedException>(_bench.Run(run, attempt: 1));

        _bench.Lines("log").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_that_a_crash_cut_short_is_ended_by_the_next_attempt_which_runs_the_command_anew()
    {
        _bench.Pipe("started");
        var run = Shell("[ -e again ] || { touch again; echo ready > started; exec sleep 1000; }; echo ran >> log");
        _bench.RunAndCrash(run);
        await _bench.Take("started");
        var first = _bench.Executions().ShouldHaveSingleItem();
        first.MarkStopping();

        await _bench.Run(run, attempt: 2);

        first.IsStopped.ShouldBeTrue();
        ProcessTable.SessionOf(first.Process!, Mark).ShouldBeEmpty();
        _bench.Lines("log").ShouldBe(["ran"]);
    }

    [Fact]
    public async Task An_end_that_was_recorded_counts_even_if_a_stop_comes_then()
    {
        await _bench.Run(Shell("echo ran >> log"));
        await _bench.Run(Shell("echo ran >> log"), attempt: 2, stop: new CancellationToken(canceled: true));

        _bench.Lines("log").ShouldBe(["ran"]);
    }

    [Fact]
    public async Task A_command_that_was_killed_from_outside_fails_and_leaves_nothing_running()
    {
        _bench.Pipe("started");
        var run = Shell("echo ready > started; sleep 1000");
        var first = _bench.Run(run);
        await _bench.Take("started");
        var process = _bench.Executions().ShouldHaveSingleItem().Process.ShouldNotBeNull();
        using (var wrapper = Process.GetProcessById(process.Id))
        {
            wrapper.Kill();
        }

        (await Should.ThrowAsync<ActivityFailedException>(first)).Message.ShouldContain("ended from outside");
        ProcessTable.SessionOf(process, Mark).ShouldBeEmpty();
        (await Should.ThrowAsync<ActivityFailedException>(_bench.Run(run, attempt: 2))).Message.ShouldContain("ended from outside");
    }

    [Fact]
    public async Task What_ran_before_a_reboot_is_not_taken_for_another_process_of_the_same_id()
    {
        var run = Shell("echo ran >> log");
        await _bench.Run(run);
        var execution = _bench.Executions().ShouldHaveSingleItem();
        File.Delete(Path.Combine(execution.Folder, "exit"));
        await File.WriteAllTextAsync(Path.Combine(execution.Folder, "process"), $"{Environment.ProcessId} 1 another-boot\n");

        (await Should.ThrowAsync<ActivityFailedException>(_bench.Run(run, attempt: 2))).Message.ShouldContain("machine went down");
        _bench.Lines("log").ShouldBe(["ran"]);
    }

    [Fact]
    public async Task A_command_that_can_no_longer_be_watched_is_ended()
    {
        _bench.Pipe("started");
        var run = Shell("echo ready > started; sleep 1000; echo on >> log");
        _bench.RunAndCrash(run);
        await _bench.Take("started");
        var execution = _bench.Executions().ShouldHaveSingleItem();
        Directory.CreateDirectory(Path.Combine(execution.Folder, "exit"));

        (await Should.ThrowAsync<Exception>(_bench.Run(run, attempt: 2))).ShouldSatisfyAllConditions(fault => ActivityFaults.Reason(fault).ShouldNotBeNull());

        ProcessTable.SessionOf(execution.Process!, Mark).ShouldBeEmpty();
        _bench.Lines("log").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_attempt_leaves_nothing_to_an_earlier_one()
    {
        var run = Shell("echo ran >> log");
        await _bench.Run(run, attempt: 2);

        (await Should.ThrowAsync<ActivityFailedException>(_bench.Run(run, attempt: 1))).Message.ShouldBe("A later attempt has taken over the command.");
    }
}

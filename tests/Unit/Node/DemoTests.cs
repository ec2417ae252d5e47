using Google.Protobuf.WellKnownTypes;
using Latecomer.Node.Cli;
using Latecomer.Node.Demo;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Node;

public sealed class DemoTests
{
    private static readonly DateTimeOffset Noon = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Overhead_is_the_time_in_which_no_work_ran()
    {
        var overhead = Overhead.Of([Run(("mark", 0, 1), ("work", 1, 4), ("end", 4, 5)), Run(("mark", 2, 3), ("work", 3, 7), ("end", 9, 10))], "work");
        overhead.Whole.ShouldBe(TimeSpan.FromSeconds(10));
        overhead.Idle.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_folder_belongs_to_one_scenario_and_a_scenario_has_a_name()
    {
        Scenario.All.Select(s => s.Name).ShouldBe(["clear-03", "clear-04-05", "clear-past-03"]);
        Should.Throw<Refusal>(() => Scenario.Named("clear-06")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public void Past_and_future_reach_from_the_date_that_is_cleared()
    {
        SeedsDay.Dates.Where(Scenario.Named("clear-03").IsCleared).ShouldBe(["2024-01-03", "2024-01-04", "2024-01-05"]);
        SeedsDay.Dates.Where(Scenario.Named("clear-past-03").IsCleared).ShouldBe(["2024-01-01", "2024-01-02", "2024-01-03"]);
        SeedsDay.Dates.Where(Scenario.Named("clear-04-05").IsCleared).ShouldBe(["2024-01-04", "2024-01-05"]);
    }

    [Fact]
    public void The_demo_tells_what_differs()
    {
        var scenario = Scenario.Named("clear-03");
        var nothing = new DemoOutcome([], [], [], new Dictionary<string, long>(), scenario.Files.Keys.ToDictionary(d => d, _ => (string?)null));
        var differences = nothing.Differences(scenario, new DemoProgress { Scenario = scenario.Name }).ToList();
        differences.ShouldContain(d => d.Contains("0 task instances, not 21"));
        differences.ShouldContain(d => d.Contains("2024-01-02 was backfilled 0 times, not 1"));
        differences.ShouldContain(d => d.Contains("backfilling_configuration_2024-01-03.json holds nothing"));
        differences.ShouldContain(d => d.Contains("0 commits of data"));
    }

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(2, 1, true)]
    [InlineData(1, 2, false)]
    [InlineData(1, 0, true)]
    [InlineData(0, 3, false)]
    public void The_last_node_that_serves_is_not_killed_while_others_are_starting(int serving, int starting, bool mayBeKilled) =>
        NodeKiller.MayKill(serving, starting).ShouldBe(mayBeKilled);

    [Fact]
    public void A_demo_waits_as_long_as_something_changes()
    {
        var clock = new FakeClock();
        var patience = new Patience(clock);
        for (var progress = 1; progress <= 3; progress++)
        {
            clock.Advance(Patience.Longest - TimeSpan.FromSeconds(1));
            patience.See(progress);
            patience.IsOver.ShouldBeFalse();
        }

        clock.Advance(Patience.Longest);
        patience.See(3);
        patience.IsOver.ShouldBeTrue();
    }

    private static Run Run(params (string Task, int From, int To)[] tasks)
    {
        var run = new Run();
        run.Tasks.AddRange(tasks.Select(t => new TaskInstance
        {
            TaskId = t.Task,
            StartTime = Noon.AddSeconds(t.From).ToTimestamp(),
            EndTime = Noon.AddSeconds(t.To).ToTimestamp(),
        }));
        return run;
    }
}

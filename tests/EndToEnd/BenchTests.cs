using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary><c>./bench</c>, small: that it runs, agrees with its peers on what they compute, and prints figures. How fast, a test does not say.</summary>
public sealed class BenchTests
{
    private static string Bench => Path.Combine(Checkout.Root, "bench");

    [Fact]
    public async Task A_log_is_opened_and_followed_beside_peers()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "log", "--commits", "1500", "--rounds", "1")).Succeeded();
        result.Output.ShouldContain("last data change per partition, 1,500 commits");
        result.Output.ShouldContain("one new commit followed");
        if (SharedTestData.SkipReason is null)
        {
            result.Output.ShouldContain("same check");
        }
    }

    [Fact]
    public async Task A_file_is_read_and_written_beside_DuckDB_with_the_same_checksum()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "parquet", "--rows", "20000", "--rounds", "1")).Succeeded();
        result.Output.ShouldContain("scan of 3 columns");
        result.Output.ShouldContain("same checksum");
    }

    [Fact]
    public async Task Turns_are_measured_beside_pgbench()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "turns", "--quick")).Succeeded();
        result.Output.ShouldContain("marks:pgbench");
        result.Output.ShouldContain("256 x 1 x 512");
    }

    [Fact]
    public async Task A_dead_node_is_missed_and_a_stale_one_is_refused()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "failover", "--quick")).Succeeded();
        result.Output.ShouldContain("refused by the fence, 0 written");
        result.Output.ShouldContain("KILL      actor");
    }

    [Fact]
    public async Task A_node_with_many_actors_is_started_and_some_of_them_asked()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "actors", "--quick")).Succeeded();
        result.Output.ShouldContain("ratio of the answers");
        result.Output.ShouldContain("1,000 of 20,000 actors active");
    }

    [Fact]
    public async Task Calls_are_measured_beside_plain_requests()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "grpc", "--quick")).Succeeded();
        result.Output.ShouldContain("calls:POST");
        result.Output.ShouldContain("median");
    }

    [Fact]
    public async Task Turns_are_measured_while_a_snapshot_is_held_and_without()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "horizon", "--quick")).Succeeded();
        result.Output.ShouldContain("held 2");
        result.Output.ShouldContain("released");
    }

    [Fact]
    public async Task Commands_are_measured_beside_pgbench()
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), "commands", "--quick")).Succeeded();
        result.Output.ShouldContain("pgbench");
        result.Output.ShouldContain("marks");
    }
}

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

    [Theory]
    [InlineData("turns", "marks:pgbench", "256 x 1 x 512")]
    [InlineData("failover", "refused by the fence, 0 written", "KILL      actor")]
    [InlineData("actors", "ratio of the answers", "1,000 of 20,000 actors active")]
    [InlineData("grpc", "calls:POST", "median")]
    [InlineData("horizon", "held 1", "released")]
    [InlineData("commands", "command:insert", "turns/mark")]
    public async Task What_is_measured_in_short_is_printed(string name, params string[] figures)
    {
        var result = (await Cli.RunProgram(Bench, new Surroundings(), name, "--quick")).Succeeded();
        figures.ShouldAllBe(figure => result.Output.Contains(figure, StringComparison.Ordinal), result.Output);
    }
}

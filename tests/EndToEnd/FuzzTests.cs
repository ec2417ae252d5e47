using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary><c>./fuzz</c>, a few inputs: that it runs and tells figures. What it finds is the matter of tests/Fuzz.</summary>
public sealed class FuzzTests
{
    private static string Fuzz => Path.Combine(Checkout.Root, "fuzz");

    [Theory]
    [InlineData("log")]
    [InlineData("checkpoint")]
    [InlineData("parquet")]
    public async Task Inputs_are_run_and_one_is_repeated(string kind)
    {
        var run = (await Cli.RunProgram(Fuzz, new Surroundings(), kind, "--inputs", "60", "--seed", "3")).Succeeded();
        run.Output.ShouldContain($"{kind}, seed 3: 60 inputs");
        run.Output.ShouldContain("passed the first check");
        (await Cli.RunProgram(Fuzz, new Surroundings(), kind, "--seed", "3", "--input", "5")).Succeeded().Output.ShouldContain($"{kind}, seed 3, input 5:");
    }
}

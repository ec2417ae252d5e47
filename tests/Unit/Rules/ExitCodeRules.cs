using System.Globalization;
using System.Reflection;
using Latecomer.Node.Cli;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>Scripts tell outcomes apart by what docs/operations.md and <c>latecomer help exit-codes</c> say.</summary>
public sealed class ExitCodeRules
{
    [Fact]
    public void Each_exit_code_is_in_the_table_and_nothing_else_is()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (int)f.GetRawConstantValue()!).Order();
        var documented = Repository.Lines("docs/operations.md").SkipWhile(l => l != "## Exit codes").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(l[2]))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(cells => (Code: int.Parse(cells[1], CultureInfo.InvariantCulture), Meaning: cells[2])).ToList();
        documented.Select(d => d.Code).ShouldBe(codes);
        ExitCode.Meanings.ShouldBe(documented);
    }
}

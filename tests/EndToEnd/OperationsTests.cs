using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The operations page: what it says of settings is so, and its commands work.</summary>
public sealed partial class OperationsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _text = File.ReadAllText(BuiltProgram.FileOfCheckout("docs", "operations.md"));
    private NodeProcess _node = null!;

    private string Data => Path.Combine(_folder.Path, "data");

    public async Task InitializeAsync() => _node = await NodeProcess.Start(Data);

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_setting_is_listed_and_no_other()
    {
        var help = (await Cli.Run("node", "--help")).Succeeded().Output;
        var there = Option().Matches(help).Select(m => (Flag: m.Groups["flag"].Value, Variable: m.Groups["variable"].Value)).ToList();
        var listed = Row().Matches(_text).Select(m => (Flag: m.Groups["flag"].Value, Variable: m.Groups["variable"].Value)).ToList();
        there.Count.ShouldBeGreaterThan(5);
        listed.ShouldBe(there);
    }

    [Fact]
    public async Task What_commands_end_with_is_told_where_help_says()
    {
        (await Cli.Run("--help")).Succeeded().Output.ShouldContain("latecomer help exit-codes");
        var told = (await Cli.Run("help", "exit-codes")).Succeeded().Output.Split('\n').Skip(1).Select(l => l.Trim().Split("  ", 2)).ToList();
        told.Count.ShouldBe(9);
        told.ShouldAllBe(code => _text.Contains($"| {code[0]} | {code[1]} |"));
        (await Cli.Run("help", "runs", "clear")).Succeeded().Output.ShouldContain("--only-failed");
        (await Cli.Run("help", "nonsense")).Refused(2, "There is no command 'nonsense'");
    }

    [Fact]
    public async Task Every_command_works_as_it_stands()
    {
        var commands = Block().Matches(_text).Where(m => m.Groups["language"].Length == 0).SelectMany(m => m.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        commands.ShouldNotBeEmpty();
        foreach (var command in commands)
        {
            var line = command.Replace("latecomer ", $"'{BuiltProgram.Dotnet}' '{BuiltProgram.Assembly}' ", StringComparison.Ordinal).Replace("DIR", $"'{Data}'", StringComparison.Ordinal);
            var surroundings = new Surroundings
            {
                Folder = _folder.Path,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_SERVER"] = _node.Server, ["LATECOMER_CLIENT_CONFIG"] = Path.Combine(_folder.Path, "contexts.yaml") },
            };
            (await Cli.RunProgram("sh", surroundings, "-c", line)).Succeeded();
        }
    }

    [GeneratedRegex("^  (?<flag>--[a-z-]+) <.*\\[(?<variable>LATECOMER_[A-Z_]+)\\]", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex("^\\| `(?<flag>--[a-z-]+)` \\| `(?<variable>LATECOMER_[A-Z_]+)` \\|", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^```(?<language>[a-z]*)\\n(?<lines>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary><c>./latecomer</c>, the file that users start.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_runs_from_any_folder_and_by_a_link_with_spaces_in_its_path()
    {
        var link = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "my programs")).FullName, "late comer");
        File.CreateSymbolicLink(link, BuiltProgram.Launcher);

        var result = (await Cli.RunProgram(link, new Surroundings { Folder = _folder.Path }, "devices", "generate", "--rows", "2", "--output", "a file.jsonl")).Succeeded();

        result.Output.ShouldBe("");
        File.ReadAllLines(Path.Combine(_folder.Path, "a file.jsonl")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task It_hands_over_arguments_and_exit_codes_as_they_are() =>
        (await Cli.RunProgram(BuiltProgram.Launcher, new Surroundings(), "demo", "--scenario", "a  b")).Refused(2, "'a  b'");

    [Fact]
    public async Task It_runs_twice_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Cli.RunProgram(BuiltProgram.Launcher, new Surroundings(), "devices", "generate")));
        results.Select(r => r.Succeeded().Output).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_says_in_one_line_that_the_sdk_is_missing()
    {
        // Only what the launcher itself needs is on this PATH.
        var tools = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        foreach (var tool in new[] { "bash", "env", "dirname", "readlink", "id", "cksum", "cut" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), Find(tool));
        }

        var surroundings = new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = tools, ["HOME"] = _folder.Path, ["DOTNET_ROOT"] = "" } };
        (await Cli.RunProgram(BuiltProgram.Launcher, surroundings, "demo")).Refused(1, ".NET SDK", "https://dot.net");
    }

    private static string Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}

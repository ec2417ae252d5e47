using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary><c>latecomer demo</c>, as a stranger types it.</summary>
public sealed partial class DemoTests : IDisposable
{
    private const int Usage = 2;
    private const int FolderRefused = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task A_scenario_on_a_fresh_folder_ends_as_the_table_says(string name)
    {
        var data = Path.Combine(_folder.Path, "with spaces", "data");
        var scenario = Scenario.Named(name);

        var demo = (await Cli.Run("demo", "--data", data, "--scenario", name)).Succeeded();

        demo.Errors.ShouldBe("");
        demo.Output.ShouldContain($"Task instances affected by clearing: {scenario.Affected}");
        demo.Output.ShouldContain($"Late partitions: {string.Join(", ", Scenario.LateDates)}");
        OverheadSeconds(demo.Output).ShouldBeGreaterThan(0);
        await Outcome.ShouldBe(data, scenario);
        await RowsShouldBeThoseOfTheInput(new SeedsDay(data));

        var again = (await Cli.Run("demo", "--data", data, "--scenario", name)).Succeeded();
        again.Output.ShouldContain("played before");
        await Outcome.ShouldBe(data, scenario);
    }

    [Fact]
    public async Task Each_node_runs_turns_and_activities_and_is_shown_in_plain_lines()
    {
        var demo = (await Cli.Run("demo", "--data", Path.Combine(_folder.Path, "data"))).Succeeded();

        var nodes = NodeLine().Matches(demo.Output);
        nodes.Select(n => n.Groups["node"].Value).ShouldBe(["node-1", "node-2", "node-3"]);
        nodes.ShouldAllBe(n => int.Parse(n.Groups["turns"].Value) > 0 && int.Parse(n.Groups["activities"].Value) > 0, demo.Output);
        demo.Output.ShouldNotContain("\u001b", Case.Sensitive, "no control sequences where there is no terminal");
        demo.Output.ShouldContain("scheduled__2024-01-01");
    }

    [Fact]
    public async Task Another_scenario_on_the_same_folder_is_refused()
    {
        var data = Path.Combine(_folder.Path, "data");
        (await Cli.Run("demo", "--data", data)).Succeeded();
        var before = FolderContent.Of(data);

        (await Cli.Run("demo", "--data", data, "--scenario", "clear-04-05")).Refused(FolderRefused, data, "clear-03");

        FolderContent.Of(data).ShouldBe(before);
    }

    [Fact]
    public async Task A_scenario_that_does_not_exist_is_refused_and_nothing_is_made()
    {
        var data = Path.Combine(_folder.Path, "data");

        (await Cli.Run("demo", "--data", data, "--scenario", "clear-06")).Refused(Usage, "clear-06", "clear-03, clear-04-05, clear-past-03");

        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_demos_at_once_do_not_meet_and_play_in_the_folder_where_they_are_started()
    {
        var folders = new[] { "one", "two" }.Select(name => Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName).ToList();

        var demos = await Task.WhenAll(folders.Select(folder => Cli.Run(new Surroundings { Folder = folder }, "demo")));

        demos.ToList().ForEach(demo => demo.Succeeded());
        foreach (var folder in folders)
        {
            await Outcome.ShouldBe(Path.Combine(folder, "latecomer-data"), Scenario.Clear03);
        }
    }

    [Fact]
    public async Task A_folder_with_somebodys_pipelines_is_no_place_for_a_demo()
    {
        await using (var node = await NodeProcess.Start(_folder.Path))
        {
            await new SeedsDay(_folder.Path).Load(0);
            (await node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded();
            await node.Stop();
        }

        var before = FolderContent.Of(Path.Combine(_folder.Path, "dataset", "devices"));

        (await Cli.Run("demo", "--data", _folder.Path)).ExitCode.ShouldBe(FolderRefused);

        FolderContent.Of(Path.Combine(_folder.Path, "dataset", "devices")).ShouldBe(before);
    }

    private static async Task RowsShouldBeThoseOfTheInput(SeedsDay day)
    {
        var partitions = await ForeignReader.Partitions(day.Devices);
        partitions.Keys.Order().ShouldBe(SeedsDay.Loads.Distinct());
        foreach (var (date, rows) in partitions)
        {
            rows.Count.ShouldBe(Scenario.LateDates.Contains(date) ? 200 : 100, date);
            rows.ShouldBe(
                Directory.GetFiles(Path.Combine(day.Dataset, "input"), $"*{date}*").SelectMany(ForeignReader.JsonLines).Order(StringComparer.Ordinal), ignoreOrder: false, date);
        }
    }

    private static double OverheadSeconds(string output) => double.Parse(OverheadLine().Match(output).Groups["seconds"].Value);

    [GeneratedRegex("overhead \\(no work running\\): (?<seconds>[0-9.]+) s", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OverheadLine();

    [GeneratedRegex("^ *(?<node>node-[0-9]+) +(?<turns>[0-9]+) +(?<activities>[0-9]+) *$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NodeLine();
}

using System.Net;
using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.BadInput;

/// <summary>Pipelines and commands that are wrong: one sentence that says where, an exit code, and nothing changed.</summary>
public sealed class PipelineTests : IAsyncLifetime, IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    private string Data => Path.Combine(_folder.Path, "data");

    private string Dataset => Path.Combine(Data, "dataset");

    public async Task InitializeAsync() => _node = await NodeProcess.Start(Data);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("maxActiveRuns: 3", "maxActiveRun: 3", "p.yaml:13:1", "maxActiveRun")]
    [InlineData("partitionColumn: event_time", "column: event_time", "p.yaml:9:5", "column")]
    [InlineData("\"@daily\"", "\"@weekly\"", "p.yaml:3:11", "@weekly")]
    [InlineData("retries: 3", "retries: some", "p.yaml:15:10", "some")]
    [InlineData("end: 2024-01-05", "end: 2023-01-05", "p.yaml:5:6", "end")]
    [InlineData("output: devices_summary", "output: devices_summary\n  command: [\"true\"]", "p.yaml:19:3", "work is one of")]
    [InlineData("schedule:", "schedule", "p.yaml:", "not YAML")]
    public async Task A_file_that_is_wrong_is_refused_with_line_and_key(string right, string wrong, string place, string words)
    {
        var before = await Everything();

        (await Apply(right, wrong)).Refused(Usage, place, words);

        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named() =>
        (await _node.Cli("pipelines", "apply", "nowhere.yaml")).Refused(Usage, "nowhere.yaml");

    [Fact]
    public async Task A_table_that_is_not_there_is_refused()
    {
        var before = await Everything();

        (await Apply("configurationFolder: .", "configurationFolder: .")).Refused(Failed, "devices");

        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_folder_that_is_no_delta_table_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(Dataset, "devices"));
        File.WriteAllText(Path.Combine(Dataset, "devices", "thesis.txt"), "mine");
        var before = await Everything();

        (await Apply("maxActiveRuns: 3", "maxActiveRuns: 4")).Refused(Failed, "devices", "Delta");

        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_log_with_a_broken_commit_is_refused()
    {
        await new SeedsDay(Data).Load(0);
        await new SeedsDay(Data).Load(1);
        File.WriteAllText(new Tables.TableLog(new SeedsDay(Data).Devices).FileOf(1), "{\"add\":{\"path\":");
        var before = await Everything();

        (await Apply("maxActiveRuns: 3", "maxActiveRuns: 4")).Refused(Failed, "devices", "00000000000000000001.json");

        (await Everything()).ShouldBe(before);
    }

    [Theory]
    [InlineData("partitionColumn: event_time", "partitionColumn: day", "day", "event_time")]
    [InlineData("builtIn: device_summary", "builtIn: device_sum", "device_sum", "device_summary")]
    [InlineData("output: devices_summary", "output: devices", "devices", "reads")]
    [InlineData("configurationFolder: .", "configurationFolder: ../elsewhere", "../elsewhere", "dataset")]
    [InlineData("builtIn: device_summary       # rows per type and version\n  output: devices_summary", "command: [no-such-program]", "no-such-program", "PATH")]
    [InlineData("builtIn: device_summary       # rows per type and version\n  output: devices_summary", "command: [echo, \"{dat}\"]", "{dat}", "{date}")]
    public async Task A_definition_that_does_not_fit_what_is_there_is_refused(string right, string wrong, params string[] words)
    {
        await new SeedsDay(Data).Load(0);
        var before = await Everything();

        (await Apply(right, wrong)).Refused(Failed, words);

        (await Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_folder_of_files_belongs_to_one_pipeline()
    {
        await new SeedsDay(Data).Load(0);
        (await Apply("end: 2024-01-05", "end: 2024-01-01")).Succeeded();
        await _node.Runs(SeedsDay.Pipeline, "a run that waits", runs => runs.Any(r => r.Task("next_partition_sensor").State == "TASK_STATE_UP_FOR_RESCHEDULE"));
        await SlotsGivenBack();
        var before = await Everything();

        (await Apply("name: devices_loader", "name: second_loader")).Refused(Failed, SeedsDay.Pipeline, "configuration");

        (await Everything()).ShouldBe(before);
    }

    [Theory]
    [InlineData(Failed, "no_such_pipeline", "clear", "no_such_pipeline", "2024-01-01", "--yes")]
    [InlineData(Failed, "no_such_pipeline", "list", "no_such_pipeline")]
    [InlineData(Failed, "no_such_task", "clear", "devices_loader", "2024-01-01", "--task", "no_such_task", "--yes")]
    [InlineData(Failed, "2023-12-31", "clear", "devices_loader", "2023-12-31", "--yes")]
    [InlineData(Failed, "2024-01-02", "clear", "devices_loader", "2024-01-02", "--yes")]
    [InlineData(Failed, "manual__2024-01-01T00:00:00Z", "clear", "devices_loader", "2024-01-01", "--run", "manual__2024-01-01T00:00:00Z", "--yes")]
    [InlineData(Usage, "2024-13-01", "clear", "devices_loader", "2024-13-01")]
    [InlineData(Usage, "--futur", "clear", "devices_loader", "2024-01-01", "--futur")]
    [InlineData(Failed, "2023-12-31", "trigger", "devices_loader", "2023-12-31")]
    public async Task What_does_not_exist_cannot_be_cleared_listed_or_triggered(int code, string words, params string[] arguments)
    {
        await new SeedsDay(Data).Load(0);
        await new SeedsDay(Data).Load(1);
        (await Apply("end: 2024-01-05", "end: 2024-01-01")).Succeeded();
        await _node.Runs(SeedsDay.Pipeline, "the run", runs => runs.Count == 1 && runs.All(r => r.HasSucceeded));
        await SlotsGivenBack();
        var before = await Everything();

        (await _node.Cli(["runs", .. arguments])).Refused(code, words);

        (await Everything()).ShouldBe(before);
    }

    private async Task<CommandResult> Apply(string right, string wrong)
    {
        var text = File.ReadAllText(SeedsDay.PipelineFile);
        text.ShouldContain(right);
        var file = Path.Combine(_folder.Path, "p.yaml");
        await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal));
        return await _node.Cli("pipelines", "apply", file);
    }

    /// <summary>A run that ends or waits says so before the pipeline has its slot back.</summary>
    private Task SlotsGivenBack() =>
        Waiting.For("slots to be given back", async () => (await _node.Api.Call("Pipelines/List", []))["statuses"]![0]!["activeRuns"] is null ? "" : null);

    /// <summary>All that may not change: the tables and files, and what the API lists.</summary>
    private async Task<IReadOnlyList<string>> Everything()
    {
        var lists = new List<string>(FolderContent.Of(Dataset)) { (await _node.Api.Call("Pipelines/List", [])).ToJsonString() };
        foreach (var method in new[] { "Runs/List", "Partitions/List" })
        {
            var answer = await _node.Api.Ask(method, new JsonObject { ["pipeline"] = SeedsDay.Pipeline });
            lists.Add(answer.Status == HttpStatusCode.OK ? answer.Body.ToJsonString() : $"{answer.Status}");
        }

        return lists;
    }
}

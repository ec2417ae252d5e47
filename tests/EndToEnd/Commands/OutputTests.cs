using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using YamlDotNet.Serialization;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>The four ways to print, and the question before what cannot be taken back.</summary>
public sealed class OutputTests : IAsyncLifetime
{
    private const string Colour = "\u001b[38;5;";
    private const int Failed = 1;
    private const int Usage = 2;

    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        await new SeedsDay(_folder.Path).LoadOnTime();
        _node = await NodeProcess.Start(_folder.Path);
        var file = Path.Combine(_folder.Path, "devices_loader.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(SeedsDay.PipelineFile)).Replace("retryDelay: 1m", "retryDelay: 1s", StringComparison.Ordinal));
        (await _node.Cli("pipelines", "apply", file)).Succeeded();
        (await _node.Cli("runs", "wait", SeedsDay.Pipeline, "--count", "5")).Succeeded();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Yaml_says_what_json_says()
    {
        foreach (string[] command in new string[][] { ["runs", "list", SeedsDay.Pipeline], ["tables", "inspect", Path.Combine(_folder.Path, "dataset", "devices")], ["health"] })
        {
            var json = (await Run([.. command, "-o", "json"])).Succeeded().Json;
            var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>((await Run([.. command, "-o", "yaml"])).Succeeded().Output);
            Same(yaml).ToJsonString().ShouldBe(Same(json).ToJsonString());
        }
    }

    [Fact]
    public async Task Plain_is_lines_of_cells_without_a_header()
    {
        var lines = (await _node.Cli("runs", "list", SeedsDay.Pipeline, "-o", "plain")).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => l.Split('\t')[..4]).ShouldBe(Scenario.Dates.Select(d => new[] { d, $"scheduled__{d}T00:00:00Z", "success", "7/7" }));
        (await _node.Cli("runs", "clear", SeedsDay.Pipeline, "2024-01-03", "--future", "--dry-run", "-o", "plain")).Succeeded().Output.Trim().ShouldBe("21\t3\t2024-01-03\t2024-01-05");
    }

    [Fact]
    public async Task Colours_are_for_terminals_and_for_those_who_want_them()
    {
        (await _node.Cli("runs", "list", SeedsDay.Pipeline)).Succeeded().Output.ShouldNotContain(Colour);
        (await OnTerminal([])).ShouldContain($"{Colour}2msuccess");
        (await OnTerminal([], ("NO_COLOR", "1"))).ShouldNotContain(Colour);
        (await OnTerminal(["--no-color"])).ShouldNotContain(Colour);
    }

    [Fact]
    public async Task What_clears_is_asked_for_on_a_terminal_with_its_numbers_and_refused_without_one()
    {
        string[] clear = ["runs", "clear", SeedsDay.Pipeline, "2024-01-03", "--future", "--server", _node.Server];
        (await Cli.Run(clear)).Refused(Usage, "--yes");
        await using (var no = Terminal.Start(None, clear))
        {
            await no.Shows("21 task instances would be cleared: 7 tasks of 3 runs, 2024-01-03 to 2024-01-05. Clear them? [y/N]");
            await no.Type("\n");
            await no.Shows("Nothing was done");
            (await no.Exit()).ShouldBe(Failed);
        }

        (await _node.Api.Runs(SeedsDay.Pipeline)).ShouldAllBe(run => run.Task(SeedsDay.Mark).Try == 1);
        await using var yes = Terminal.Start(None, clear);
        await yes.Shows("[y/N]");
        await yes.Type("y\n");
        await yes.Shows("21 task instances were cleared");
        (await yes.Exit()).ShouldBe(0);
    }

    [Fact]
    public async Task Who_waits_for_what_he_cleared_sees_it_and_hears_how_it_ended()
    {
        var cleared = await _node.Cli("runs", "clear", SeedsDay.Pipeline, "2024-01-04", "--future", "--yes", "--wait");
        cleared.Succeeded().Output.ShouldStartWith("14 task instances were cleared");
        cleared.Errors.ShouldContain("scheduled__2024-01-05T00:00:00Z process_devices success");
        cleared.Errors.ShouldContain("2 runs ended, all succeeded.");
        var runs = await _node.Api.Runs(SeedsDay.Pipeline);
        runs.Where(r => r.HasSucceeded && r.Task(SeedsDay.Mark).Try == 2).Select(r => r.Date[..10]).ShouldBe(["2024-01-04", "2024-01-05"]);

        Directory.Move(new SeedsDay(_folder.Path).Summary, Path.Combine(_folder.Path, "dataset", "away"));
        await File.WriteAllTextAsync(new SeedsDay(_folder.Path).Summary, "a file in the way of the work");
        var failed = await _node.Cli("runs", "trigger", SeedsDay.Pipeline, "2024-01-02", "--wait");
        failed.ExitCode.ShouldBe(Failed, failed.Errors);
        failed.Errors.ShouldContain("1 run ended, 1 did not succeed.");
    }

    private Task<CommandResult> Run(string[] command) => command[1] == "inspect" ? Cli.Run(command) : _node.Cli(command);

    private async Task<string> OnTerminal(string[] more, params (string Name, string Value)[] environment)
    {
        await using var terminal = Terminal.Start(environment.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal), ["runs", "list", SeedsDay.Pipeline, "--server", _node.Server, .. more]);
        (await terminal.Exit()).ShouldBe(0, terminal.Screen);
        return terminal.Screen;
    }

    private static JsonNode Same(object? value) => value switch
    {
        JsonObject json => new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Same(p.Value)))),
        JsonArray json => new JsonArray([.. json.Select(item => Same(item))]),
        JsonValue json => JsonValue.Create(json.GetValueKind() is System.Text.Json.JsonValueKind.String ? $"text {json}" : json.ToJsonString()),
        Dictionary<object, object?> yaml => new JsonObject(yaml.OrderBy(p => $"{p.Key}", StringComparer.Ordinal).Select(p => KeyValuePair.Create($"{p.Key}", (JsonNode?)Same(p.Value)))),
        List<object?> yaml => new JsonArray([.. yaml.Select(Same)]),
        string text => JsonValue.Create($"text {text}"),
        bool flag => JsonValue.Create(flag ? "true" : "false"),
        null => JsonValue.Create("null"),
        _ => JsonValue.Create($"{value}"),
    };
}

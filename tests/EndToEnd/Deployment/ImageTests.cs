using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The image's build steps succeed, and what they make works without writing anywhere but where it may.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly PlayedImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public async Task The_image_runs_a_pipeline_as_user_185_on_a_root_that_is_read_only()
    {
        await _image.Build();
        await using var node = _image.Run();
        var line = await node.Line("its address", l => l.StartsWith("listening on ", StringComparison.Ordinal));
        var server = $"http://127.0.0.1:{new Uri(line["listening on ".Length..].Trim()).Port}";
        await Do("health", "--server", server);
        await using (var unknown = _image.Run("pipelines", "list", "--server", server))
        {
            (await unknown.Exit()).ShouldBe(1, unknown.Story());
        }

        var token = Path.Combine(_image.Data, "state", "admin.token");
        await Do("devices", "load", Path.Combine(_image.Data, "dataset", "devices"), "2024-01-01");
        await Do("devices", "load", Path.Combine(_image.Data, "dataset", "devices"), "2024-01-02");
        await Do("pipelines", "apply", Pipeline("summarised", "builtIn: device_summary, output: devices_summary"), "--server", server, "--token-file", token);
        await Do("pipelines", "apply", Pipeline("commanded", "command: [sh, -c, 'echo {date} > $TMPDIR/commanded']"), "--server", server, "--token-file", token);
        using var api = new JsonApi(new Uri(server)) { Token = (await File.ReadAllTextAsync(token)).Trim() };
        foreach (var pipeline in new[] { "summarised", "commanded" })
        {
            await Waiting.For(
                $"the run of {pipeline}", async () => (await api.Runs(pipeline)).FirstOrDefault(r => r.HasSucceeded), () => node.Story());
        }

        File.ReadAllText(Path.Combine(_image.Writable, "tmp", "commanded")).Trim().ShouldBe("2024-01-01");
        await node.Terminate();
        (await node.Exit()).ShouldBe(0, node.Story());
    }

    private string Pipeline(string name, string work)
    {
        var file = Path.Combine(_image.Writable, $"{name}.yaml");
        File.WriteAllText(file, $$"""
            name: {{name}}
            schedule: "@daily"
            start: 2024-01-01
            end: 2024-01-01
            inputs: [{table: devices, partitionColumn: event_time}]
            configurationFolder: {{name}}
            work: {task: process, {{work}}}
            """);
        return file;
    }

    private async Task Do(params string[] arguments)
    {
        await using var process = _image.Run(arguments);
        (await process.Exit()).ShouldBe(0, process.Story());
    }
}

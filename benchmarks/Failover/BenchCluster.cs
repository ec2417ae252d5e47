using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Latecomer.Benchmarks.Failover;

/// <summary>A cluster of processes on this machine, as <c>latecomer cluster up</c> starts it, by default settings.</summary>
internal sealed class BenchCluster(string data) : IAsyncDisposable
{
    private static string Program => Path.Combine(Environment.GetEnvironmentVariable("LATECOMER_ROOT") ?? ".", "latecomer");

    /// <summary>How its store is reached.</summary>
    public string Store { get; private set; } = "";

    public async Task Up()
    {
        using var up = JsonDocument.Parse(await Latecomer("up", "--nodes", "3", "-o", "json"));
        Store = up.RootElement.GetProperty("store").GetString()!;
    }

    /// <summary>Sends a signal to a node's process.</summary>
    public async Task Signal(string node, string signal) => await Run("/bin/kill", $"-{signal}", ProcessOf(node).ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts a node that ended, and waits until it serves.</summary>
    public Task Start(string node) => Latecomer("start", node);

    public async ValueTask DisposeAsync() => await Latecomer("down");

    private int ProcessOf(string node)
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "state", "cluster.json")));
        return record.RootElement.GetProperty("nodes").EnumerateArray().Single(n => n.GetProperty("name").GetString() == node)
            .GetProperty("process").GetProperty("id").GetInt32();
    }

    private Task<string> Latecomer(string command, params string[] arguments) => Run(Program, ["cluster", command, .. arguments, "--data", data]);

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new BenchException($"{program} {string.Join(' ', arguments)} failed: {await errors}");
    }
}

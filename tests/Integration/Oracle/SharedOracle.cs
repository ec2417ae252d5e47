using System.Diagnostics;
using System.Text.Json.Nodes;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.Oracle;

/// <summary>The independent readers in <c>../shared/oracle</c>, beside the packages that <c>./test</c> installs for them.</summary>
internal sealed class SharedOracle : IDisposable
{
    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    internal SharedOracle()
    {
        // Packages are found by the folder that a script lies in, and the shared one has none.
        foreach (var file in Directory.EnumerateFiles(Source, "*.mjs", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.Path, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.Exists(Path.Combine(Modules, "hyparquet")).ShouldBeTrue($"{Modules} has no hyparquet: run ./test, which installs it");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "node_modules"), Modules);
    }

    private static string Source => Path.GetFullPath(Path.Combine(SharedTestData.Root, "..", "oracle"));

    private static string Modules =>
        Environment.GetEnvironmentVariable("LATECOMER_ORACLE_MODULES") ?? Path.Combine(Checkout.Root, "tests", "Integration", "Oracle", "node_modules");

    public void Dispose() => _folder.Dispose();

    /// <summary>Puts the rows of each file beside it, as <c>FILE.READER.jsonl</c>, or what the reader said instead, as <c>FILE.READER.error</c>.</summary>
    internal async Task ReadRows(IEnumerable<string> files) =>
        await Run([Path.Combine(AppContext.BaseDirectory, "Oracle", "rows.mjs"), _folder.Path, .. files]);

    /// <summary>What it says of a table: the document of <c>../shared/testdata/delta/README.md</c>.</summary>
    internal async Task<JsonNode> Inspect(string table) =>
        JsonNode.Parse(await Run([Path.Combine(_folder.Path, "oracle.mjs"), table])).ShouldNotBeNull();

    private static async Task<string> Run(string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start).ShouldNotBeNull();
        using var liveness = new CancellationTokenSource(Liveness);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(liveness.Token);
            var errors = process.StandardError.ReadToEndAsync(liveness.Token);
            await process.WaitForExitAsync(liveness.Token);
            process.ExitCode.ShouldBe(0, $"node {string.Join(' ', arguments)}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

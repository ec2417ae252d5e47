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
        await Run([Script("rows.mjs"), _folder.Path, .. files]);

    /// <summary>What it says of tables, by their folders: the documents of <c>../shared/testdata/delta/README.md</c>.</summary>
    internal async Task<IReadOnlyDictionary<string, JsonNode>> Inspect(IEnumerable<string> tables)
    {
        var lines = (await Run([Script("tables.mjs"), _folder.Path, .. tables])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(line => JsonNode.Parse(line).ShouldNotBeNull()).ToDictionary(document => (string)document["table"]!, StringComparer.Ordinal);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Oracle", name);

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

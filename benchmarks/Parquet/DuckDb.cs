namespace Latecomer.Benchmarks.Parquet;

/// <summary>DuckDB by its Node.js package, which npm brings; a peer.</summary>
internal sealed class DuckDb
{
    private readonly string _script;

    private DuckDb(string script) => _script = script;

    /// <summary>Installs it below a folder; null where there is no npm to do so, with a line that says it.</summary>
    internal static async Task<DuckDb?> TryInstall(string folder)
    {
        var packages = Directory.CreateDirectory(Path.Combine(folder, "npm")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "npm")))
        {
            File.Copy(file, Path.Combine(packages, Path.GetFileName(file)));
        }

        try
        {
            await new MeasuredProgram("npm", "npm", "ci", "--prefix", packages, "--no-audit", "--no-fund", "--loglevel=error").Run();
            return new DuckDb(Path.Combine(packages, "duck.mjs"));
        }
        catch (Exception error) when (error is BenchException or System.ComponentModel.Win32Exception)
        {
            Console.WriteLine($"no DuckDB here, so no peer: {error.Message}");
            return null;
        }
    }

    internal MeasuredProgram Program(params string[] arguments) => new("DuckDB", "node", [_script, .. arguments]);
}

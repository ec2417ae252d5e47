using System.Globalization;
using System.Text;
using System.Text.Json;
using Latecomer.Parquet;
using Latecomer.Tests.Integration.Oracle;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Parquet;

namespace Latecomer.Tests.Integration.Parquet;

/// <summary>What is written is read alike by readers that share no line with it. <c>LATECOMER_OTHER_READERS=500</c> writes so many files;
/// <c>LATECOMER_OTHER_READERS_FROM</c> is the seed of the first.</summary>
public sealed class OtherReaderTests : IDisposable
{
    private const int Files = 40;
    private static readonly string[] Readers = ["hyparquet", "duckdb", "arrow"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public async Task Random_files_have_the_same_rows_to_every_reader()
    {
        using var oracle = new SharedOracle();
        var files = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var first = Number("LATECOMER_OTHER_READERS_FROM", 1);
        for (var seed = first; seed < first + Number("LATECOMER_OTHER_READERS", Files); seed++)
        {
            var file = Path.Combine(_folder.Path, $"{seed}.parquet");
            files.Add(file, await Write(file, seed));
        }

        await oracle.ReadRows(files.Keys);
        var differences = new List<string>();
        foreach (var (file, rows) in files)
        {
            foreach (var reader in Readers)
            {
                if (await FindDifference(file, reader, rows) is { } difference)
                {
                    differences.Add($"{reader}, {Path.GetFileName(file)}: {difference}");
                }
            }
        }

        differences.ShouldBeEmpty();
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task<IReadOnlyList<string>> Write(string file, int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.Schema(random);
        var options = RandomTables.Options(random);
        await using var stream = File.Create(file);
        using var writer = new ParquetWriter(stream, schema, options);
        using var rows = new MemoryStream();
        using var lines = new JsonLinesWriter(rows);
        for (var batches = random.Next(1, 3); batches > 0; batches--)
        {
            using var batch = RandomTables.Batch(random, schema);
            await writer.WriteAsync(batch);
            await lines.WriteAsync(batch, batch.RowCount);
        }

        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(rows.ToArray()).Split('\n')[..^1];
    }

    private static async Task<string?> FindDifference(string file, string reader, IReadOnlyList<string> wanted)
    {
        if (File.Exists($"{file}.{reader}.error"))
        {
            return await File.ReadAllTextAsync($"{file}.{reader}.error");
        }

        var found = await File.ReadAllLinesAsync($"{file}.{reader}.jsonl");
        if (found.Length != wanted.Count)
        {
            return $"{found.Length} rows instead of {wanted.Count}";
        }

        for (var row = 0; row < found.Length; row++)
        {
            using var foundRow = JsonDocument.Parse(found[row]);
            using var wantedRow = JsonDocument.Parse(wanted[row]);
            if (AlikeRows.FindDifference(foundRow.RootElement, wantedRow.RootElement, "") is { } difference)
            {
                return $"row {row} at {difference}";
            }
        }

        return null;
    }
}

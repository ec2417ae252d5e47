using System.Diagnostics;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Whatever a file holds, it is read or refused, in memory and time that follow its length.</summary>
public sealed class MutatedFileTests
{
    private const int MutationsPerTable = 25;
    private const int MutationsPerSharedFile = 40;
    private const int MaxSharedBytes = 120_000;
    private const int MaxRows = 50_000;
    private const long Allowance = 64 * 1024 * 1024;
    private const int AllowancePerByte = 10;

    /// <summary>Far more than any takes, for the machine may have other things to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    public static TheoryData<string> Files => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Directory.EnumerateFiles(Folder, "*.parquet").Where(path => new FileInfo(path).Length is > 12 and <= MaxSharedBytes).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SharedTestData.Root, "parquet");

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_mutated_file_of_ours_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.Schema(random);
        var file = await ParquetRows.WriteAsync(RandomTables.Options(random), RandomTables.Batch(random, schema));
        await ReadMutations(file, MutationsPerTable, $"seed {seed}");
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task A_mutated_file_of_another_writer_is_read_or_refused(string name) =>
        await ReadMutations(await File.ReadAllBytesAsync(Path.Combine(Folder, name)), MutationsPerSharedFile, name);

    private static async Task ReadMutations(byte[] file, int count, string what)
    {
        IReadOnlyList<long> chunks = [4];
        try
        {
            chunks = FileMutation.Chunks((await ParquetRows.OpenAsync(file)).Metadata);
        }
        catch (ParquetException)
        {
            // A file that is refused as it is can be damaged further all the same.
        }

        for (var seed = 0; seed < count; seed++)
        {
            Check(FileMutation.Of(file, chunks, new Random(seed)), $"{what}, mutation {seed}");
        }
    }

    private static void Check(byte[] file, string what)
    {
        var clock = Stopwatch.StartNew();
        var allocated = Allocation.Of(async () =>
        {
            try
            {
                await Read(file);
            }
            catch (ParquetException)
            {
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{what}: {exception.Message}", exception);
            }
        });
        allocated.ShouldBeLessThan(Allowance + (AllowancePerByte * (long)file.Length), what);
        clock.Elapsed.ShouldBeLessThan(Patience, what);
    }

    /// <summary>Damage may make numbers of rows that are all right but long to read, so only the first are.</summary>
    private static async Task Read(byte[] file)
    {
        var reader = await ParquetRows.OpenAsync(file, new ParquetReadOptions { VerifyChecksums = false });
        var rows = 0;
        await foreach (var batch in reader.ReadAsync())
        {
            using var lines = new JsonLinesWriter(Stream.Null);
            using (batch)
            {
                await lines.WriteAsync(batch, Math.Min(batch.RowCount, 1_000));
            }

            rows += batch.RowCount;
            if (rows > MaxRows)
            {
                return;
            }
        }
    }
}

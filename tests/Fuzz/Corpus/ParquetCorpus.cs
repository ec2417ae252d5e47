using Latecomer.Parquet;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>The sound files, and those that never were: what our writer makes of random tables, what the tables made by hand hold, and those of other writers where
/// they lie beside the checkout. Of each compressed file there is an uncompressed one too.</summary>
internal sealed class ParquetCorpus
{
    private const int OwnFiles = 160;
    private const int MaxOwnBytes = 24_000;
    private const int MaxSharedBytes = 120_000;

    private readonly Weighted<ParquetLayout> files;

    private ParquetCorpus(List<ParquetLayout> own, List<ParquetLayout> shared)
    {
        List<ParquetLayout> all = [.. own, .. shared];
        files = new Weighted<ParquetLayout>([.. all, .. all.Select(UncompressedTwin.TryMake).OfType<ParquetLayout>()], file => file.Content.Length);
        Name = $"{own.Count} files of ours and {shared.Count} of others, {files.Items.Count} with those uncompressed";
    }

    public string Name { get; }

    public IReadOnlyList<ParquetLayout> Files => files.Items;

    public static ParquetCorpus Load() => new(
        [.. Enumerable.Range(0, OwnFiles).Select(Own).Where(file => file.Length <= MaxOwnBytes).Select((file, number) => ParquetLayout.Of($"own {number}", file))],
        [.. SharedFiles().Select(path => ParquetLayout.Of(Path.GetFileName(path), File.ReadAllBytes(path)))]);

    public ParquetLayout Pick(SeededRandom random) => files.Pick(random);

    private static byte[] Own(int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.Schema(random);
        var options = RandomTables.Options(random);
        using var file = new MemoryStream();
        using var writer = new ParquetWriter(file, schema, options);
        var batch = RandomTables.Batch(random, schema);
        writer.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
        writer.CompleteAsync().AsTask().GetAwaiter().GetResult();
        return file.ToArray();
    }

    private static IEnumerable<string> SharedFiles() => SharedTestData.SkipReason is not null
        ? []
        : Directory.EnumerateFiles(SharedTestData.Root, "*.parquet", SearchOption.AllDirectories)
            .Where(path => new FileInfo(path).Length is > 12 and <= MaxSharedBytes).Order(StringComparer.Ordinal);
}

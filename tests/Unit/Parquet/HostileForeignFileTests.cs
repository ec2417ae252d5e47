using Latecomer.Parquet;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Damage to files of other writers, which use all that the format has: they are refused or read, and nothing else.</summary>
public sealed class HostileForeignFileTests
{
    private const int MaxBytes = 80_000;
    private const int FlipsPerFile = 40;

    /// <summary>Damage may make numbers of rows that are all right but long to read.</summary>
    private const long MaxRows = 200_000;

    public static TheoryData<string> Files => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Directory.EnumerateFiles(Folder, "*.parquet").Where(path => new FileInfo(path).Length is > 12 and <= MaxBytes).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SharedTestData.Root, "parquet");

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task A_file_cut_at_any_byte_is_refused(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(Folder, name));
        for (var length = 0; length < file.Length; length++)
        {
            await Should.ThrowAsync<ParquetException>(() => ParquetReader.OpenAsync(new MemorySource(name, file.AsMemory(0, length))).AsTask(), $"{length} bytes");
        }
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task Bytes_missing_in_the_middle_are_refused_or_read(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(Folder, name));
        for (var at = 4; at < file.Length - 8; at += 1 + (file.Length / 50))
        {
            await ReadAsync(name, [.. file[..at], .. file[(at + 1)..]], $"without byte {at}");
        }
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task Flipped_bytes_are_refused_or_read(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(Folder, name));
        for (var seed = 0; seed < FlipsPerFile; seed++)
        {
            var random = new Random(seed);
            var damaged = file.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(4, file.Length - 8)] ^= (byte)random.Next(1, 256);
            }

            await ReadAsync(name, damaged, $"seed {seed}");
        }
    }

    private static async Task ReadAsync(string name, byte[] file, string how)
    {
        try
        {
            var reader = await ParquetReader.OpenAsync(new MemorySource(name, file), new ParquetReadOptions { VerifyChecksums = false });
            if (reader.Metadata.RowCount <= MaxRows)
            {
                await JsonRows.ReadAsync(reader);
            }
        }
        catch (ParquetException)
        {
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{name}, {how}: {exception.Message}", exception);
        }
    }
}

using Latecomer.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>A file, read to its end.</summary>
internal sealed class ParquetInput(byte[] file, ParquetLayout? original, bool verifies) : FuzzInput
{
    /// <summary>Damage may make numbers of rows that are all right but long to read, so only the first are.</summary>
    private const int MaxRows = 50_000;

    /// <summary>As many of a damaged file are turned into text.</summary>
    private const int RowsAsText = 50;

    private static readonly ParquetReadOptions Bounded = new()
    {
        MemoryBytes = FuzzRun.AllowedBytes / 4,
        MemoryBytesPerFileByte = FuzzRun.AllowedBytesPerByte / 4,
        BatchBytes = 4 * 1024 * 1024,
        BatchRows = 4 * 1024,
    };

    private static readonly ParquetReadOptions Unverified = Bounded with { VerifyChecksums = false };

    /// <summary>As much for the batch that was handed over as for the one that is made.</summary>
    public override long PooledBytes => 2 * (Bounded.MemoryBytes + (Bounded.MemoryBytesPerFileByte * Bytes));

    public override IEnumerable<KeyValuePair<string, byte[]>> Files => [KeyValuePair.Create("input.parquet", file)];

    public override ulong? Expected() => original is null ? null : Read(original.Content, Bounded, rowsAsText: int.MaxValue);

    public override bool IsSound() => IsSound(file);

    public override ulong Read() => Read(file, verifies ? Bounded : Unverified, original is null ? RowsAsText : int.MaxValue);

    /// <summary>Whether the footer is read.</summary>
    public static bool IsSound(byte[] file)
    {
        try
        {
            _ = ParquetReader.OpenAsync(new MemorySource("input", file), Unverified).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (ParquetException)
        {
            return false;
        }
    }

    private static ulong Read(byte[] file, ParquetReadOptions options, int rowsAsText) => Read(new MemorySource("input", file), options, rowsAsText).GetAwaiter().GetResult();

    private static async Task<ulong> Read(MemorySource source, ParquetReadOptions options, int rowsAsText)
    {
        var reader = await ParquetReader.OpenAsync(source, options);
        using var digest = new Digest();
        using var lines = new JsonLinesWriter(digest);
        var rows = 0;
        await foreach (var batch in reader.ReadAsync())
        {
            using (batch)
            {
                await lines.WriteAsync(batch, Math.Min(batch.RowCount, rowsAsText));
                rows += batch.RowCount;
            }

            if (rows > MaxRows && rowsAsText != int.MaxValue)
            {
                break;
            }
        }

        return digest.Value;
    }
}

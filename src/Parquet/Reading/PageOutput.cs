using Latecomer.Parquet.Compression;

namespace Latecomer.Parquet.Reading;

/// <summary>What pages decompress to, in an array that serves one page after the other.</summary>
internal sealed class PageOutput(ReadBudget budget) : IDisposable
{
    /// <summary>Pages are this large at most as nearly all writers make them, so that most are believed.</summary>
    private const int BelievedBytes = 1024 * 1024;

    /// <summary>And few shrink to less than this part, so that larger ones are believed too.</summary>
    private const int BelievedRatio = 8;

    private const int Growth = 4;

    private byte[] array = [];

    /// <summary>Decompresses a page that is said to have <paramref name="length"/> bytes, valid until the next one. Memory follows what
    /// the page really holds: a length that goes beyond what is usual is believed in steps, each after the one before it was filled.
    /// Each step begins anew, which for all of them together costs a third of the last at most.</summary>
    public ReadOnlyMemory<byte> Decompress(CompressionCodec codec, ReadOnlyMemory<byte> page, int length)
    {
        var room = (int)Math.Min(length, Math.Max(BelievedBytes, (long)page.Length * BelievedRatio));
        while (true)
        {
            Reserve(room);
            budget.Work(room);
            if (PageCompression.Decompress(codec, page, array.AsMemory(0, room)) is { } written)
            {
                return written == length
                    ? array.AsMemory(0, length)
                    : throw ParquetException.Corrupt($"A page by {codec} holds {written} bytes where its header has {length}.");
            }

            if (room == length)
            {
                throw ParquetException.Corrupt($"A page by {codec} holds more than the {length} bytes of its header.");
            }

            room = (int)Math.Min(length, (long)room * Growth);
        }
    }

    public void Dispose()
    {
        if (array.Length > 0)
        {
            budget.Return(array);
            array = [];
        }
    }

    private void Reserve(int room)
    {
        if (array.Length < room)
        {
            Dispose();
            array = budget.Rent<byte>(room);
        }
    }
}

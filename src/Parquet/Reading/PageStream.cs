using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Reading;

/// <summary>The pages of one column chunk, one after the other, through a window of the file.</summary>
internal sealed class PageStream(IRandomAccessSource source, ColumnChunkMetadata chunk, ReadBudget budget) : IDisposable
{
    /// <summary>Enough for most headers, and for many chunks whole.</summary>
    private const int ReadAhead = 256 * 1024;

    private readonly ParquetReadOptions options = budget.Options;
    private readonly long end = chunk.Offset + chunk.CompressedSize;
    private byte[] window = [];
    private long windowStart;
    private int windowLength;
    private long position = chunk.Offset;

    /// <summary>Where in the file the current page's header begins.</summary>
    public long PageOffset { get; private set; } = chunk.Offset;

    public PageHeader Header { get; private set; }

    /// <summary>The current page's bytes as stored, valid until the next page is asked for.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Goes on to the next page; false after the last.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (position >= end)
        {
            return false;
        }

        PageOffset = position;
        await EnsureAsync((int)Math.Min(ReadAhead, end - position), isMinimum: false, cancellationToken);
        if (!TryReadHeader())
        {
            await EnsureAsync((int)Math.Min(options.MaxPageHeaderBytes, end - position), isMinimum: true, cancellationToken);
            ReadHeader();
        }

        Check();
        await EnsureAsync(Header.CompressedSize, isMinimum: true, cancellationToken);
        Body = window.AsMemory((int)(position - windowStart), Header.CompressedSize);
        position += Header.CompressedSize;
        if (options.VerifyChecksums && Header.Checksum is { } checksum && Crc32.Compute(Body.Span) != checksum)
        {
            throw ParquetException.Corrupt("The page's bytes do not have its checksum.");
        }

        return true;
    }

    public void Dispose()
    {
        if (window.Length > 0)
        {
            budget.Return(window);
            window = [];
            windowLength = 0;
        }
    }

    /// <summary>A header that is refused may merely be cut by the window; then it is read again with all it may have.</summary>
    private bool TryReadHeader()
    {
        var (start, offset) = (position, PageOffset);
        try
        {
            ReadHeader();
            return true;
        }
        catch (ParquetException) when (windowStart + windowLength < Math.Min(end, offset + options.MaxPageHeaderBytes))
        {
            position = start;
            return false;
        }
    }

    private void ReadHeader()
    {
        var available = windowLength - (int)(position - windowStart);
        var reader = new CompactReader(window.AsSpan((int)(position - windowStart), Math.Min(available, options.MaxPageHeaderBytes)));
        Header = PageHeader.Read(ref reader);
        position += reader.Position;
    }

    private void Check()
    {
        var header = Header;
        if (header.CompressedSize < 0 || header.CompressedSize > end - position)
        {
            throw ParquetException.Corrupt($"A page is said to have {header.CompressedSize} bytes where its chunk has {end - position} left.");
        }

        if (header.UncompressedSize < 0 || header.ValueCount < 0)
        {
            throw ParquetException.Corrupt($"A page is said to have {header.ValueCount} values in {header.UncompressedSize} bytes.");
        }

        if (Math.Max(header.CompressedSize, header.UncompressedSize) > options.MaxPageBytes)
        {
            throw ParquetException.Unsupported($"A page has {Math.Max(header.CompressedSize, header.UncompressedSize)} bytes; the limit is {options.MaxPageBytes}.");
        }
    }

    /// <summary>Brings the bytes from the position on into the window. Without <paramref name="isMinimum"/> what is there of
    /// them will do, so that a window is not moved for the few bytes of each header.</summary>
    private async ValueTask EnsureAsync(int count, bool isMinimum, CancellationToken cancellationToken)
    {
        var available = (int)Math.Max(0, windowStart + windowLength - position);
        var enough = isMinimum ? count : Math.Min(count, 1024);
        if (available >= enough)
        {
            return;
        }

        var wanted = (int)Math.Min(Math.Max(count, ReadAhead), end - position);
        var next = budget.Rent<byte>(wanted);
        if (available > 0)
        {
            window.AsSpan((int)(position - windowStart), available).CopyTo(next);
        }

        if (window.Length > 0)
        {
            budget.Return(window);
        }

        (window, windowStart, windowLength) = (next, position, available);
        await source.ReadAsync(position + available, next.AsMemory(available, wanted - available), cancellationToken);
        windowLength = wanted;
    }
}

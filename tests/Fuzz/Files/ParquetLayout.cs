using System.Buffers.Binary;

namespace Latecomer.Tests.Fuzz;

/// <summary>Where the parts of a sound file lie: its pages, by their headers, and its footer. A file that cannot be taken apart has none.</summary>
internal sealed class ParquetLayout
{
    private const int MagicBytes = 4;
    private const int TailBytes = 8;

    private ParquetLayout(string name, byte[] content, int dataEnd, IReadOnlyList<PagePlace> pages, bool isSound)
    {
        Name = name;
        Content = content;
        DataEnd = dataEnd;
        Pages = pages;
        IsSound = isSound;
    }

    public string Name { get; }

    public byte[] Content { get; }

    /// <summary>Where the footer begins.</summary>
    public int DataEnd { get; }

    /// <summary>The pages of all chunks in the order of the file.</summary>
    public IReadOnlyList<PagePlace> Pages { get; }

    /// <summary>Whether it could be taken apart.</summary>
    public bool IsSound { get; }

    public static ParquetLayout Of(string name, byte[] content)
    {
        try
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(^TailBytes..));
            var layout = new ParquetLayout(name, content, checked(content.Length - TailBytes - length), [], isSound: true);
            var footer = layout.ReadFooter();
            return new ParquetLayout(name, content, layout.DataEnd, [.. ColumnChunks.Of(footer).SelectMany(layout.PagesOf).OrderBy(page => page.Start)], isSound: true);
        }
        catch (Exception error) when (error is FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            return new ParquetLayout(name, content, Math.Max(MagicBytes, content.Length - TailBytes), [], isSound: false);
        }
    }

    /// <summary>The footer, to be changed.</summary>
    public ThriftValue ReadFooter() => new ThriftParser(Content.AsSpan(DataEnd..^TailBytes)).ReadStruct();

    public ThriftValue ReadHeader(PagePlace page) => new ThriftParser(Content.AsSpan(page.Start, page.HeaderLength)).ReadStruct();

    public ReadOnlySpan<byte> BodyOf(PagePlace page) => Content.AsSpan(page.Start + page.HeaderLength, page.BodyLength);

    private IEnumerable<PagePlace> PagesOf(ThriftValue chunk)
    {
        var (start, end) = ColumnChunks.RangeOf(chunk);
        for (var at = start; at < end;)
        {
            var page = PageAt((int)at, (int)end, chunk);
            yield return page;
            at += page.Length;
        }
    }

    private PagePlace PageAt(int start, int end, ThriftValue chunk)
    {
        var parser = new ThriftParser(Content.AsSpan(start..end));
        var body = parser.ReadStruct().NumberOf(PageHeaders.CompressedSize);
        return body is >= 0 && start + parser.Position + body <= end
            ? new PagePlace(start, parser.Position, (int)body, chunk)
            : throw new FormatException("a page beyond its chunk");
    }
}

/// <summary>A page of a sound file, and what the footer says of its chunk.</summary>
internal readonly record struct PagePlace(int Start, int HeaderLength, int BodyLength, ThriftValue Chunk)
{
    public int Length => HeaderLength + BodyLength;
}

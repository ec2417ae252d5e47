namespace Latecomer.Tests.Fuzz;

/// <summary>The numbers of a footer's fields that have to do with places in the file (parquet.thrift).</summary>
internal static class ColumnChunks
{
    public const int Metadata = 3;
    public const int Codec = 4;
    public const int UncompressedSize = 6;
    public const int CompressedSize = 7;
    public const int DataOffset = 9;
    public const int DictionaryOffset = 11;
    public const int Statistics = 12;
    public const int EncodingStatistics = 13;
    private const int RowGroups = 4;
    private const int Columns = 1;
    private const int RowGroupOffset = 5;
    private const int IndexOffset = 10;

    /// <summary>Offsets in a ColumnChunk: of itself, its offset index and its column index.</summary>
    private static readonly int[] OffsetsOfChunk = [2, 4, 6];

    private static readonly int[] OffsetsOfMetadata = [DataOffset, IndexOffset, DictionaryOffset, 14];

    /// <summary>The metadata of all chunks.</summary>
    public static IEnumerable<ThriftValue> Of(ThriftValue footer) =>
        Groups(footer).SelectMany(ChunksOf).Select(chunk => chunk[Metadata]).OfType<ThriftValue>();

    /// <summary>From the first page's header to behind the last page.</summary>
    public static (long Start, long End) RangeOf(ThriftValue metadata)
    {
        var data = metadata.NumberOf(DataOffset) ?? throw new FormatException("a chunk without pages");
        var start = metadata.NumberOf(DictionaryOffset) is > 0 and var dictionary && dictionary < data ? dictionary : data;
        return (start, start + (metadata.NumberOf(CompressedSize) ?? throw new FormatException("a chunk without a size")));
    }

    /// <summary>Makes a footer say where things are after they have moved.</summary>
    public static void Move(ThriftValue footer, Func<long, long> to)
    {
        foreach (var group in Groups(footer))
        {
            Move(group, [RowGroupOffset], to);
            foreach (var chunk in ChunksOf(group))
            {
                Move(chunk, OffsetsOfChunk, to);
                if (chunk[Metadata] is { } metadata)
                {
                    MoveChunk(metadata, to);
                }
            }
        }
    }

    private static void MoveChunk(ThriftValue metadata, Func<long, long> to)
    {
        if (metadata.NumberOf(DataOffset) is not null && metadata.NumberOf(CompressedSize) is not null)
        {
            var (start, end) = RangeOf(metadata);
            metadata[CompressedSize]!.Number = to(end) - to(start);
        }

        Move(metadata, OffsetsOfMetadata, to);
    }

    private static void Move(ThriftValue value, int[] fields, Func<long, long> to)
    {
        foreach (var id in fields)
        {
            if (value.NumberOf(id) is > 0 and var offset)
            {
                value[id]!.Number = to(offset);
            }
        }
    }

    private static List<ThriftValue> Groups(ThriftValue footer) => footer[RowGroups]?.Items ?? [];

    private static List<ThriftValue> ChunksOf(ThriftValue group) => group[Columns]?.Items ?? [];
}

/// <summary>The numbers of a page header's fields (parquet.thrift).</summary>
internal static class PageHeaders
{
    public const int Kind = 1;
    public const int UncompressedSize = 2;
    public const int CompressedSize = 3;
    public const int Checksum = 4;
    public const int DataV2 = 8;
    public const int DefinitionBytesV2 = 5;
    public const int RepetitionBytesV2 = 6;
    public const int IsCompressedV2 = 7;
    public const int KindOfDataV2 = 3;
}

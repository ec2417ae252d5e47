using System.IO.Compression;
using Latecomer.Parquet;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Reading;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Pages that today's writers seldom make.</summary>
public sealed class PageTests
{
    private static readonly HandmadeField Optional = new("a", PhysicalType.Int32, Repetition.Optional);

    private static readonly HandmadeField ListOfInts = new("a", Repetition: Repetition.Optional)
    {
        Converted = ConvertedType.List,
        Children = [new("list", Repetition: Repetition.Repeated) { Children = [new("element", PhysicalType.Int32, Repetition.Optional)] }],
    };

    /// <summary>null, [], [null], [1, 2]: definition levels 0 1 2 3 3, repetition levels 0 0 0 0 1.</summary>
    private const string ListRows = """{"a":null} {"a":[]} {"a":[null]} {"a":[1,2]}""";

    [Fact]
    public async Task Levels_of_the_deprecated_encoding_are_packed_from_the_most_significant_bit()
    {
        // Two bits each: 00 01 10 11 11; one bit each: 00001.
        byte[] body = [0b0000_1000, 0b0001_1011, 0b1100_0000, 1, 0, 0, 0, 2, 0, 0, 0];
        var page = new HandmadePage(PageKind.Data, body, 5) { DefinitionEncoding = PageEncoding.BitPacked, RepetitionEncoding = PageEncoding.BitPacked };
        await Shows(ListOfInts, 4, new HandmadeChunk("a.list.element", PhysicalType.Int32, 5, page), ListRows);
    }

    [Fact]
    public async Task Levels_of_version_2_stand_before_the_values_without_their_length()
    {
        byte[] repetition = [8, 0, 2, 1];
        byte[] definition = [3, 0b1110_0100, 0b0000_0011];
        var page = new HandmadePage(PageKind.DataV2, [.. repetition, .. definition, 1, 0, 0, 0, 2, 0, 0, 0], 5) { RepetitionBytes = 4, DefinitionBytes = 3 };
        await Shows(ListOfInts, 4, new HandmadeChunk("a.list.element", PhysicalType.Int32, 5, page), ListRows);
    }

    [Fact]
    public async Task A_row_may_go_on_in_the_next_page()
    {
        var first = new HandmadePage(PageKind.Data, [2, 0, 0, 0, 8, 0, 2, 0, 0, 0, 8, 3, .. new byte[16]], 4);
        var second = new HandmadePage(PageKind.Data, [2, 0, 0, 0, 6, 1, 2, 0, 0, 0, 6, 3, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], 3);
        await Shows(ListOfInts, 4, new HandmadeChunk("a.list.element", PhysicalType.Int32, 7, first, second), """{"a":[0]} {"a":[0]} {"a":[0]} {"a":[0,1,2,3]}""");
    }

    [Theory]
    [InlineData(PageEncoding.Plain)]
    [InlineData(PageEncoding.RleDictionary)]
    [InlineData(PageEncoding.DeltaBinaryPacked)]
    [InlineData(PageEncoding.ByteStreamSplit)]
    public async Task A_page_of_nulls_alone_needs_neither_values_nor_a_dictionary(PageEncoding encoding)
    {
        var page = new HandmadePage(PageKind.DataV2, [6, 0], 3, encoding) { DefinitionBytes = 2 };
        await Shows(Optional, 3, new HandmadeChunk("a", PhysicalType.Int32, 3, page) { Codec = CompressionCodec.Snappy }, """{"a":null} {"a":null} {"a":null}""");
    }

    [Fact]
    public async Task An_empty_page_of_version_2_is_passed_over()
    {
        var empty = new HandmadePage(PageKind.DataV2, [], 0);
        var page = new HandmadePage(PageKind.DataV2, [2, 1, 7, 0, 0, 0], 1) { DefinitionBytes = 2 };
        await Shows(Optional, 1, new HandmadeChunk("a", PhysicalType.Int32, 1, empty, page, empty), """{"a":7}""");
    }

    [Fact]
    public async Task The_row_count_of_the_footer_is_not_believed_where_its_row_groups_say_otherwise()
    {
        var page = new HandmadePage(PageKind.Data, [1, 0, 0, 0, 2, 0, 0, 0], 2);
        var file = HandmadeFile.Build([new("a", PhysicalType.Int32)], rows: 2, totalRows: 1_000, new HandmadeChunk("a", PhysicalType.Int32, 2, page));
        var reader = await ParquetRows.OpenAsync(file);
        reader.Metadata.RowCount.ShouldBe(2);
        (await JsonRows.ReadAsync(reader)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_row_count_beyond_the_pages_is_refused()
    {
        var page = new HandmadePage(PageKind.Data, [1, 0, 0, 0, 2, 0, 0, 0], 2);
        await Refuses([new("a", PhysicalType.Int32)], 3, new HandmadeChunk("a", PhysicalType.Int32, 3, page), "ends 1 or more rows before its row group");
    }

    [Fact]
    public async Task A_first_row_that_does_not_begin_is_refused()
    {
        var page = new HandmadePage(PageKind.DataV2, [2, 1, 2, 3, 1, 0, 0, 0], 1) { RepetitionBytes = 2, DefinitionBytes = 2 };
        await Refuses([ListOfInts], 1, new HandmadeChunk("a.list.element", PhysicalType.Int32, 1, page), "begins with the repetition level 1");
    }

    [Fact]
    public async Task Columns_of_one_struct_must_agree_on_its_rows()
    {
        HandmadeField map = new("a") { Converted = ConvertedType.Map, Children = [new("m", Repetition: Repetition.Repeated) { Children = [new("k", PhysicalType.Int32), new("v", PhysicalType.Int32)] }] };
        var one = new HandmadePage(PageKind.DataV2, [2, 0, 2, 1, 1, 0, 0, 0], 1) { RepetitionBytes = 2, DefinitionBytes = 2 };
        var none = new HandmadePage(PageKind.DataV2, [2, 0, 2, 0], 1) { RepetitionBytes = 2, DefinitionBytes = 2 };
        var file = HandmadeFile.Build([map], 1, new HandmadeChunk("a.m.k", PhysicalType.Int32, 1, one), new HandmadeChunk("a.m.v", PhysicalType.Int32, 1, none));
        (await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(file))).Message.ShouldContain("disagree");
    }

    [Fact]
    public async Task A_checksum_is_checked_where_there_is_one()
    {
        byte[] body = [1, 0, 0, 0];
        var good = new HandmadePage(PageKind.Data, body, 1) { Checksum = Crc32.Compute(body) };
        HandmadeField field = new("a", PhysicalType.Int32);
        await Shows(field, 1, new HandmadeChunk("a", PhysicalType.Int32, 1, good), """{"a":1}""");
        await Refuses([field], 1, new HandmadeChunk("a", PhysicalType.Int32, 1, good with { Checksum = good.Checksum + 1 }), "checksum");

        var file = HandmadeFile.Build([field], 1, new HandmadeChunk("a", PhysicalType.Int32, 1, good with { Checksum = 0 }));
        (await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file, new ParquetReadOptions { VerifyChecksums = false }))).Count.ShouldBe(1);
    }

    [Fact]
    public void The_checksum_is_that_of_gzip() => Crc32.Compute("123456789"u8).ShouldBe(0xCBF43926);

    [Theory]
    [InlineData(CompressionCodec.Brotli)]
    [InlineData(CompressionCodec.Zstd)]
    public async Task A_page_beyond_the_limit_is_refused_before_memory_is_taken(CompressionCodec codec)
    {
        var page = new HandmadePage(PageKind.Data, [1, 2, 3], 1) { UncompressedSize = int.MaxValue };
        var file = HandmadeFile.Build([new("a", PhysicalType.Int32)], 1, new HandmadeChunk("a", PhysicalType.Int32, 1, page) { Codec = codec });
        (await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(file))).Kind.ShouldBe(ParquetErrorKind.Unsupported);
    }

    [Fact]
    public async Task A_row_of_more_values_than_the_limit_is_refused()
    {
        // One row of 1,000,000 nulls, in ten bytes.
        byte[] levels = [0x02, 0, 0x80, 0x89, 0x7A, 1];
        byte[] definition = [0x82, 0x89, 0x7A, 2];
        var page = new HandmadePage(PageKind.DataV2, [.. levels, .. definition], 1_000_001) { RepetitionBytes = levels.Length, DefinitionBytes = definition.Length };
        var file = HandmadeFile.Build([ListOfInts], 1, new HandmadeChunk("a.list.element", PhysicalType.Int32, 1_000_001, page));
        (await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file))).Count.ShouldBe(1);
        var reader = await ParquetRows.OpenAsync(file, new ParquetReadOptions { MaxBatchValues = 100_000 });
        (await Should.ThrowAsync<ParquetException>(() => JsonRows.ReadAsync(reader))).Kind.ShouldBe(ParquetErrorKind.Unsupported);
    }

    [Fact]
    public void Zlib_framing_is_taken_for_gzip()
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write("some bytes"u8);
        }

        Decompress(CompressionCodec.Gzip, compressed.ToArray(), 10).ShouldBe("some bytes"u8.ToArray());
    }

    [Fact]
    public void Without_libzstd_the_message_says_what_to_install()
    {
        var exception = Should.Throw<ParquetException>(() => Zstandard.Require("libzstd-that-nobody-has.so"));
        exception.Kind.ShouldBe(ParquetErrorKind.Unsupported);
        exception.Message.ShouldContain("libzstd, which is not installed");
        exception.Message.ShouldContain("libzstd1");
    }

    [Fact]
    public void Zlib_framing_that_wants_a_dictionary_is_refused() =>
        Should.Throw<ParquetException>(() => Decompress(CompressionCodec.Gzip, [0x78, 0x20, 0, 0, 0, 1, 3, 0], 10));

    [Theory]
    [InlineData(CompressionCodec.Lz4Raw, new byte[] { 0x1B, (byte)'a', 1, 0, 0x10, (byte)'b' })]
    [InlineData(CompressionCodec.Lz4, new byte[] { 0x1B, (byte)'a', 1, 0, 0x10, (byte)'b' })]
    [InlineData(CompressionCodec.Lz4, new byte[] { 0, 0, 0, 17, 0, 0, 0, 6, 0x1B, (byte)'a', 1, 0, 0x10, (byte)'b' })]
    [InlineData(CompressionCodec.Lz4, new byte[] { 0, 0, 0, 1, 0, 0, 0, 2, 0x10, (byte)'a', 0, 0, 0, 16, 0, 0, 0, 6, 0x1A, (byte)'a', 1, 0, 0x10, (byte)'b' })]
    public void LZ4_is_read_raw_and_in_the_frames_of_Hadoop(CompressionCodec codec, byte[] compressed)
    {
        Decompress(codec, compressed, 17).ShouldBe("aaaaaaaaaaaaaaaab"u8.ToArray());
        for (var cut = 0; cut < compressed.Length; cut++)
        {
            Should.Throw<ParquetException>(() => Decompress(codec, compressed[..cut], 17));
        }
    }

    private static byte[] Decompress(CompressionCodec codec, byte[] page, int length)
    {
        using var output = new PageOutput(new ReadBudget(ParquetReadOptions.Default, page.Length));
        return output.Decompress(codec, page, length).ToArray();
    }

    private static async Task Shows(HandmadeField field, int rows, HandmadeChunk chunk, string lines)
    {
        var file = HandmadeFile.Build([field], rows, chunk);
        foreach (var batchRows in new[] { 1, 2, 1_000 })
        {
            var found = await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file, new ParquetReadOptions { BatchRows = batchRows }));
            string.Join(' ', found).ShouldBe(lines);
        }
    }

    private static async Task Refuses(HandmadeField[] fields, int rows, HandmadeChunk chunk, string because)
    {
        var exception = await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(HandmadeFile.Build(fields, rows, chunk)));
        exception.Kind.ShouldBe(ParquetErrorKind.CorruptFile);
        exception.Message.ShouldContain(because);
        exception.Column.ShouldBe(chunk.Path);
        exception.Offset.ShouldNotBeNull();
    }
}

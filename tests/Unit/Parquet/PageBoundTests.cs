using Latecomer.Parquet;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Reading;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Memory follows what pages hold, not what their headers claim, and ends at the budget.</summary>
public sealed class PageBoundTests
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly HandmadeField Ints = new("a", PhysicalType.Int32);

    public static TheoryData<CompressionCodec> Codecs =>
        [CompressionCodec.Snappy, CompressionCodec.Gzip, CompressionCodec.Brotli, CompressionCodec.Lz4, CompressionCodec.Lz4Raw, CompressionCodec.Zstd];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_page_that_claims_more_than_it_holds_takes_no_memory_for_the_claim(CompressionCodec codec)
    {
        var file = Zeros(codec, held: 3 * Mebibyte, claimed: 500 * Mebibyte);
        Allocation.Of(() => Refuses(file, ParquetErrorKind.CorruptFile)).ShouldBeLessThan((10 * file.Length) + (20 * Mebibyte));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_page_that_holds_more_than_it_claims_is_refused(CompressionCodec codec) =>
        await Refuses(Zeros(codec, held: 3 * Mebibyte, claimed: 2 * Mebibyte), ParquetErrorKind.CorruptFile);

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_large_page_of_constant_data_is_read_however_small_it_is_compressed(CompressionCodec codec)
    {
        var reader = await ParquetRows.OpenAsync(Zeros(codec, held: 24 * Mebibyte, claimed: 24 * Mebibyte));
        var rows = 0;
        await foreach (var batch in reader.ReadAsync())
        {
            using (batch)
            {
                rows += batch.RowCount;
                ((ValueColumn<int>)batch.Columns[0])[batch.RowCount - 1].ShouldBe(0);
            }
        }

        rows.ShouldBe(24 * Mebibyte / sizeof(int));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_page_that_really_holds_too_much_is_refused_within_the_budget(CompressionCodec codec)
    {
        var file = Zeros(codec, held: 128 * Mebibyte, claimed: 128 * Mebibyte);
        var options = new ParquetReadOptions { MemoryBytes = 16 * Mebibyte, MemoryBytesPerFileByte = 4 };
        Allocation.Of(() => Refuses(file, ParquetErrorKind.Unsupported, options)).ShouldBeLessThan(2 * options.MemoryLimit(file.Length));
    }

    [Fact]
    public async Task Pages_that_hold_more_than_their_values_are_not_decompressed_without_end()
    {
        // Half a mebibyte for each value, in some thirty bytes.
        const int Pages = 4_000;
        var page = new HandmadePage(PageKind.Data, CompressedZeros.Of(CompressionCodec.Zstd, Mebibyte / 2), 1) { UncompressedSize = Mebibyte / 2 };
        var file = HandmadeFile.Build([Ints], Pages, new HandmadeChunk("a", PhysicalType.Int32, Pages, [.. Enumerable.Repeat(page, Pages)]) { Codec = CompressionCodec.Zstd });
        await Refuses(file, ParquetErrorKind.Unsupported, new ParquetReadOptions { MemoryBytes = 64 * Mebibyte });
    }

    [Fact]
    public void Texts_that_repeat_the_one_before_them_are_refused_within_the_budget()
    {
        // A first value of 1 MiB, and 16,000 that share all of it and have one byte more: 16 GB.
        const int Count = 16_001;
        var prefixes = EncodedDeltas.Of([0, .. Enumerable.Range(0, Count - 1).Select(value => (long)Mebibyte + value)]);
        var suffixes = EncodedDeltas.Of([Mebibyte, .. Enumerable.Repeat(1L, Count - 1)]);
        var page = new HandmadePage(PageKind.Data, [.. prefixes, .. suffixes, .. new byte[Mebibyte + Count]], Count, PageEncoding.DeltaByteArray);
        var file = HandmadeFile.Build([new("a", PhysicalType.ByteArray)], Count, new HandmadeChunk("a", PhysicalType.ByteArray, Count, page));
        var options = new ParquetReadOptions { MemoryBytes = 16 * Mebibyte, MemoryBytesPerFileByte = 8 };
        Allocation.Of(() => Refuses(file, ParquetErrorKind.Unsupported, options)).ShouldBeLessThan(3 * options.MemoryLimit(file.Length));
    }

    [Fact]
    public void A_row_of_nulls_without_end_is_refused_within_the_budget()
    {
        // One row of 30,000,000 nulls, in ten bytes.
        byte[] repetition = [2, 0, .. EncodedDeltas.Varint(29_999_999 << 1), 1];
        byte[] definition = [.. EncodedDeltas.Varint(30_000_000 << 1), 2];
        var page = new HandmadePage(PageKind.DataV2, [.. repetition, .. definition], 30_000_000) { RepetitionBytes = repetition.Length, DefinitionBytes = definition.Length };
        HandmadeField list = new("a", Repetition: Repetition.Optional)
        {
            Converted = ConvertedType.List,
            Children = [new("list", Repetition: Repetition.Repeated) { Children = [new("element", PhysicalType.Int96, Repetition.Optional)] }],
        };
        var file = HandmadeFile.Build([list], 1, new HandmadeChunk("a.list.element", PhysicalType.Int96, 30_000_000, page));
        var options = new ParquetReadOptions { MemoryBytes = 32 * Mebibyte, MemoryBytesPerFileByte = 8 };
        Allocation.Of(() => Refuses(file, ParquetErrorKind.Unsupported, options)).ShouldBeLessThan(3 * options.MemoryLimit(file.Length));
    }

    [Fact]
    public async Task A_header_of_a_page_without_end_is_refused()
    {
        var page = new HandmadePage(PageKind.Data, [1, 0, 0, 0], 1) { Padding = 2 * Mebibyte };
        await Refuses(HandmadeFile.Build([Ints], 1, new HandmadeChunk("a", PhysicalType.Int32, 1, page)), ParquetErrorKind.CorruptFile);
    }

    [Fact]
    public async Task Wide_files_are_read_in_batches_of_fewer_rows()
    {
        const int Columns = 1_000;
        const int Rows = 4_000;
        var page = new HandmadePage(PageKind.DataV2, [0xC0, 0x3E, 0], Rows) { DefinitionBytes = 3 };
        var fields = Enumerable.Range(0, Columns).Select(number => new HandmadeField($"a{number}", PhysicalType.Int64, Repetition.Optional)).ToArray();
        var file = HandmadeFile.Build(fields, Rows, [.. fields.Select(field => new HandmadeChunk(field.Name, PhysicalType.Int64, Rows, page))]);
        var batches = 0;
        await foreach (var batch in (await ParquetRows.OpenAsync(file)).ReadAsync())
        {
            using (batch)
            {
                (batch.RowCount * (long)Columns).ShouldBeLessThanOrEqualTo(ParquetReadOptions.Default.BatchValues);
                batches++;
            }
        }

        batches.ShouldBe(4);
    }

    [Fact]
    public void Nothing_that_was_rented_is_forgotten()
    {
        var budget = new ReadBudget(ParquetReadOptions.Default with { MemoryBytes = 4096 }, fileLength: 0);
        for (var round = 0; round < 1_000; round++)
        {
            using var buffer = new PooledBuffer<int>(maxCount: 512, budget);
            buffer.Append(300);
            if (round % 2 == 0)
            {
                System.Buffers.ArrayPool<int>.Shared.Return(buffer.Detach());
                budget.Settle();
            }
        }

        Should.Throw<ParquetException>(() => budget.Rent<int>(1025)).Kind.ShouldBe(ParquetErrorKind.Unsupported);
        budget.Return(budget.Rent<int>(1024));
    }

    private static byte[] Zeros(CompressionCodec codec, int held, int claimed)
    {
        var page = new HandmadePage(PageKind.Data, CompressedZeros.Of(codec, held), claimed / sizeof(int)) { UncompressedSize = claimed };
        return HandmadeFile.Build([Ints], claimed / sizeof(int), new HandmadeChunk("a", PhysicalType.Int32, claimed / sizeof(int), page) { Codec = codec });
    }

    private static async Task Refuses(byte[] file, ParquetErrorKind kind, ParquetReadOptions? options = null)
    {
        var reader = await ParquetRows.OpenAsync(file, options);
        var batches = reader.ReadAsync().GetAsyncEnumerator();
        try
        {
            while (await batches.MoveNextAsync())
            {
                batches.Current.Dispose();
            }

            throw new InvalidOperationException("The file was read.");
        }
        catch (ParquetException exception)
        {
            exception.Kind.ShouldBe(kind, exception.Message);
        }
        finally
        {
            await batches.DisposeAsync();
        }
    }
}

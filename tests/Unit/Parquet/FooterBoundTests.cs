using System.Buffers;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Thrift;
using Latecomer.Parquet.Writing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>What a footer claims is checked before it becomes memory or work.</summary>
public sealed class FooterBoundTests
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly HandmadeField Ints = new("a", PhysicalType.Int32);
    private static readonly HandmadePage Page = new(PageKind.Data, [1, 0, 0, 0], 1);

    /// <summary>The schema, and of the row groups' and the notes' elements, none of which has what it must.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_list_of_nothings_is_refused_at_the_first(int field)
    {
        var file = OfFooter(writer =>
        {
            if (field != 2)
            {
                writer.BeginList(2, CompactType.Struct, 2);
                new SchemaElement { Name = "root", ChildCount = 1 }.Write(writer);
                Ints.Write(writer);
            }

            Nothings(writer, field);
        });
        Allocation.Of(() => Refuses(file)).ShouldBeLessThan(4 * file.Length);
    }

    [Fact]
    public void A_row_group_of_more_chunks_than_columns_is_refused_before_they_are_read()
    {
        var file = OfFooter(writer =>
        {
            writer.BeginList(2, CompactType.Struct, 2);
            new SchemaElement { Name = "root", ChildCount = 1 }.Write(writer);
            Ints.Write(writer);
            writer.BeginList(4, CompactType.Struct, 1);
            writer.BeginStruct();
            Nothings(writer, 1);
            writer.EndStruct();
        });
        Allocation.Of(() => Refuses(file)).ShouldBeLessThan(4 * file.Length);
    }

    [Fact]
    public async Task A_schema_of_more_elements_than_the_limit_is_refused()
    {
        var file = HandmadeFile.Build([Ints], 1, new HandmadeChunk("a", PhysicalType.Int32, 1, Page));
        (await Should.ThrowAsync<ParquetException>(() => ParquetRows.OpenAsync(file, new ParquetReadOptions { MaxColumns = 1 }).AsTask()))
            .Kind.ShouldBe(ParquetErrorKind.Unsupported);
    }

    [Fact]
    public void A_schema_at_its_limit_takes_memory_of_some_fifty_times_its_bytes()
    {
        var options = ParquetReadOptions.Default;
        var file = OfFooter(writer =>
        {
            writer.BeginList(2, CompactType.Struct, options.MaxColumns);
            new SchemaElement { Name = "root", ChildCount = options.MaxColumns - 1 }.Write(writer);
            for (var number = 1; number < options.MaxColumns; number++)
            {
                new HandmadeField($"{number}", PhysicalType.Int32).Write(writer);
            }
        });
        Allocation.Of(async () => await ParquetRows.OpenAsync(file)).ShouldBeLessThan(100L * file.Length);
    }

    [Fact]
    public async Task Chunks_that_lie_over_each_other_are_refused()
    {
        var fields = Enumerable.Range(0, 50).Select(number => new HandmadeField($"a{number}", PhysicalType.Int32)).ToArray();
        var file = HandmadeFile.Build(fields, 1, [.. fields.Select(field => new HandmadeChunk(field.Name, PhysicalType.Int32, 1, Page) { Offset = 4, Length = 500 })]);
        var exception = await Should.ThrowAsync<ParquetException>(() => ParquetRows.OpenAsync(file).AsTask());
        exception.Message.ShouldContain("together");
    }

    [Fact]
    public async Task More_rows_than_pages_can_count_are_refused_with_the_footer()
    {
        var file = HandmadeFile.Build([Ints], 1L << 50, new HandmadeChunk("a", PhysicalType.Int32, 1L << 50, Page));
        (await Should.ThrowAsync<ParquetException>(() => ParquetRows.OpenAsync(file).AsTask())).Message.ShouldContain("values in");
    }

    [Fact]
    public async Task Rows_of_no_columns_are_refused()
    {
        var exception = await Should.ThrowAsync<ParquetException>(() => ParquetRows.OpenAsync(HandmadeFile.Build([], 1L << 50)).AsTask());
        exception.Kind.ShouldBe(ParquetErrorKind.Unsupported);
    }

    /// <summary>A list has an entry for each row at least, so that a chunk of none is never looked for where nobody checked.</summary>
    [Fact]
    public async Task A_list_of_fewer_entries_than_rows_is_refused()
    {
        HandmadeField list = new("a", PhysicalType.Int32, Repetition.Repeated);
        var chunk = new HandmadeChunk("a", PhysicalType.Int32, 0, Page) { Offset = 1L << 40 };
        (await Should.ThrowAsync<ParquetException>(() => ParquetRows.OpenAsync(HandmadeFile.Build([list], 1, chunk)).AsTask()))
            .Kind.ShouldBe(ParquetErrorKind.CorruptFile);
    }

    private static void Nothings(CompactWriter writer, int field)
    {
        writer.BeginList(field, CompactType.Struct, Mebibyte);
        for (var left = Mebibyte; left > 0; left--)
        {
            writer.BeginStruct();
            writer.EndStruct();
        }
    }

    private static byte[] OfFooter(Action<CompactWriter> write)
    {
        using var file = new PageBuffer();
        var writer = new CompactWriter(file);
        file.Write("PAR1"u8);
        writer.BeginStruct();
        write(writer);
        writer.EndStruct();
        file.Write(BitConverter.GetBytes(file.Written.Length - 4));
        file.Write("PAR1"u8);
        return file.Written.ToArray();
    }

    private static async Task Refuses(byte[] file)
    {
        try
        {
            await ParquetRows.OpenAsync(file);
        }
        catch (ParquetException)
        {
            return;
        }

        throw new InvalidOperationException("The footer was read.");
    }
}

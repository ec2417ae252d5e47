using System.Text;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class WriterTests
{
    private static readonly ParquetSchema Texts = new([new ParquetColumn("text", new ColumnType.String())]);

    [Fact]
    public async Task A_file_without_rows_has_a_schema_and_no_row_group()
    {
        var (file, summary) = await ParquetRows.WriteWithSummaryAsync(new(), Batch([]));
        var metadata = (await ParquetRows.OpenAsync(file)).Metadata;
        metadata.RowGroups.ShouldBeEmpty();
        metadata.Schema.Columns.ShouldBe(Texts.Columns);
        summary.RowCount.ShouldBe(0);
        summary.Columns[0].ShouldBe(new ColumnStatistics { NullCount = 0, NanCount = 0, IsExact = true });
    }

    [Fact]
    public async Task Repeated_texts_go_to_a_dictionary()
    {
        var file = await ParquetRows.WriteAsync(new(), Batch(Enumerable.Range(0, 5_000).Select(i => (string?)$"type {i % 5}")));
        file.Length.ShouldBeLessThan(4_000);
        Chunk(await ParquetRows.OpenAsync(file)).Encodings.ShouldContain(PageEncoding.RleDictionary);
    }

    [Fact]
    public async Task Texts_that_never_repeat_go_plain_at_once() =>
        Chunk(await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new(), Batch(Enumerable.Range(0, 500).Select(i => (string?)$"{i}")))))
            .Encodings.ShouldNotContain(PageEncoding.RleDictionary);

    [Fact]
    public async Task A_dictionary_that_grows_too_large_gives_way_to_plain_pages_and_both_are_read()
    {
        string?[] texts = [.. Enumerable.Range(0, 3_000).Select(i => i < 1_500 ? $"same {i % 3}" : $"different {i}")];
        var file = await ParquetRows.WriteAsync(new ParquetWriterOptions { PageRows = 100, DictionaryBytes = 2_000 }, Batch(texts));
        Chunk(await ParquetRows.OpenAsync(file)).Encodings.ShouldBe([PageEncoding.Plain, PageEncoding.Rle, PageEncoding.RleDictionary]);
        (await ParquetRows.ReadAsync(file)).Select(row => row[0]).ShouldBe(texts);
    }

    [Fact]
    public async Task Row_groups_end_by_rows_and_by_bytes()
    {
        var batch = Batch(Enumerable.Range(0, 1_000).Select(i => (string?)$"{i:D100}"));
        (await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new ParquetWriterOptions { RowGroupRows = 300 }, batch)))
            .Metadata.RowGroups.Select(group => group.RowCount).ShouldBe([300L, 300, 300, 100]);
        (await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(
            new ParquetWriterOptions { PageRows = 100, RowGroupBytes = 15_000, UseDictionary = false, Codec = CompressionCodec.Uncompressed }, batch)))
            .Metadata.RowGroups.Select(group => group.RowCount).ShouldBe([200L, 200, 200, 200, 200]);
    }

    [Theory]
    [InlineData("aaaaaaaaaa", "aaaa", "aaab")]
    [InlineData("aaa\u007fzzzz", "aaa\u007f", "aaa\u0080")]
    [InlineData("ababéé", "abab", "abac")]
    [InlineData("abcéé", "abc", "abd")]
    [InlineData("ab\ud7ffxyz", "ab", "ac")]
    [InlineData("a\ud7ffxyz", "a\ud7ff", "a\ue000")]
    [InlineData("\udbff\udfffxyz", "\udbff\udfff", null)]
    public async Task Long_text_bounds_are_shortened_between_characters_and_stay_bounds(string text, string min, string? max)
    {
        var file = await ParquetRows.WriteAsync(new ParquetWriterOptions { StatisticsBytes = 4 }, Batch([text]));
        var statistics = Chunk(await ParquetRows.OpenAsync(file)).Statistics.ShouldNotBeNull();
        statistics.IsExact.ShouldBeFalse();
        (statistics.Min as ColumnValue.Bytes)?.Text.ShouldBe(min);
        (statistics.Max as ColumnValue.Bytes)?.Text.ShouldBe(max);
    }

    [Fact]
    public async Task Bytes_are_ordered_without_sign()
    {
        var schema = new ParquetSchema([new ParquetColumn("b", new ColumnType.Binary())]);
        var (file, summary) = await ParquetRows.WriteWithSummaryAsync(new(), new ColumnBatch(schema, [BinaryColumn.From([[0x7F], [0xFF, 0], null, [0x80]])]));
        summary.Columns[0].Min.ShouldBe(new ColumnValue.Bytes(new byte[] { 0x7F }));
        summary.Columns[0].Max.ShouldBe(new ColumnValue.Bytes(new byte[] { 0xFF, 0 }));
        Chunk(await ParquetRows.OpenAsync(file)).Statistics.ShouldBe(summary.Columns[0] with { NanCount = null });
    }

    [Fact]
    public async Task NaN_is_counted_and_left_out_of_the_bounds()
    {
        var schema = new ParquetSchema([new ParquetColumn("d", new ColumnType.Double())]);
        var (file, summary) = await ParquetRows.WriteWithSummaryAsync(new(), new ColumnBatch(schema, [ValueColumn<double>.From([double.NaN, 0.0, null, -0.0])]));
        summary.Columns[0].NanCount.ShouldBe(1);
        summary.Columns[0].NullCount.ShouldBe(1);
        var stored = Chunk(await ParquetRows.OpenAsync(file)).Statistics.ShouldNotBeNull();
        double.IsNegative(((ColumnValue.Real)stored.Min.ShouldNotBeNull()).Value).ShouldBeTrue();
        double.IsNegative(((ColumnValue.Real)stored.Max.ShouldNotBeNull()).Value).ShouldBeFalse();
    }

    [Fact]
    public async Task The_footer_names_the_root_the_writer_and_the_notes_as_Spark_files_do()
    {
        var options = new ParquetWriterOptions { CreatedBy = "someone", KeyValueMetadata = [new("org.apache.spark.version", "3.5.0")] };
        var file = await ParquetRows.WriteAsync(options, Batch(["a"]));
        Encoding.Latin1.GetString(file).ShouldContain("spark_schema");
        var metadata = (await ParquetRows.OpenAsync(file)).Metadata;
        metadata.CreatedBy.ShouldBe("someone");
        metadata.KeyValueMetadata.ShouldBe(options.KeyValueMetadata);
    }

    [Fact]
    public async Task Only_the_columns_and_row_groups_asked_for_are_read()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.Int32()), new ParquetColumn("b", new ColumnType.String())]);
        var batch = new ColumnBatch(schema, [new ValueColumn<int>([1, 2, 3, 4]), BinaryColumn.From(["w", "x", "y", "z"])]);
        var reader = await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new ParquetWriterOptions { RowGroupRows = 2 }, batch));
        (await ParquetRows.ReadAsync(reader, ["b"])).Select(row => row.ShouldHaveSingleItem()).ShouldBe(["w", "x", "y", "z"]);
        (await ParquetRows.ReadAsync(reader, [])).Count.ShouldBe(4);
        var texts = new List<string?>();
        await foreach (var part in reader.ReadAsync(["b", "a"], (_, group) => group.Columns[0].Statistics?.Max is ColumnValue.Integer { Value: > 2 }))
        {
            texts.AddRange(Enumerable.Range(0, part.RowCount).Select(((BinaryColumn)part["b"]).GetString));
        }

        texts.ShouldBe(["y", "z"]);
        await Should.ThrowAsync<ArgumentException>(() => ParquetRows.ReadAsync(reader, ["c"]));
    }

    [Fact]
    public void A_batch_that_does_not_fit_its_schema_is_refused()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.Int32(), Nullable: false), new ParquetColumn("b", new ColumnType.Int64())]);
        var a = new ValueColumn<int>([1, 2]);
        Should.Throw<ArgumentException>(() => new ColumnBatch(schema, [a]));
        Should.Throw<ArgumentException>(() => new ColumnBatch(schema, [a, a])).Message.ShouldContain("'b'");
        Should.Throw<ArgumentException>(() => new ColumnBatch(schema, [a, new ValueColumn<long>([1])])).Message.ShouldContain("1 rows");
        Should.Throw<ArgumentException>(() => new ColumnBatch(schema, [ValueColumn<int>.From([1, null]), new ValueColumn<long>([1, 2])])).Message.ShouldContain("required");
        Should.Throw<ArgumentException>(() => new ParquetSchema([new("x", new ColumnType.Int32()), new("x", new ColumnType.Int64())]));
    }

    private static ColumnBatch Batch(IEnumerable<string?> texts) => new(Texts, [BinaryColumn.From([.. texts])]);

    private static ColumnChunkMetadata Chunk(ParquetReader reader) => reader.Metadata.RowGroups.ShouldHaveSingleItem().Columns[0];
}

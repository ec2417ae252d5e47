using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class NestedWriterTests
{
    private static readonly ParquetColumn Element = new(ColumnPath.Element, new ColumnType.Int32());
    private static readonly ParquetColumn Key = new(ColumnPath.Key, new ColumnType.String(), Nullable: false);

    [Fact]
    public async Task Null_lists_empty_lists_and_lists_of_null_stay_apart()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.List(Element))]);
        var lists = new ListColumn([0, 0, 0, 1, 3], [false, true, true, true], ValueColumn<int>.From([null, 7, 8]));
        var reader = await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new(), new ColumnBatch(schema, [lists])));
        (await JsonRows.ReadAsync(reader)).ShouldBe(["""{"a":null}""", """{"a":[]}""", """{"a":[null]}""", """{"a":[7,8]}"""]);
        var leaf = reader.Metadata.StoredColumns.ShouldHaveSingleItem();
        (string.Join('.', leaf.Path), leaf.MaxDefinitionLevel, leaf.MaxRepetitionLevel).ShouldBe(("a.list.element", 3, 1));
        var chunk = reader.Metadata.RowGroups.ShouldHaveSingleItem().Columns.ShouldHaveSingleItem();
        (chunk.ValueCount, chunk.Statistics?.NullCount).ShouldBe((5, 3));
        (chunk.Statistics?.Min, chunk.Statistics?.Max).ShouldBe((new ColumnValue.Integer(7), new ColumnValue.Integer(8)));
    }

    [Fact]
    public async Task Structs_hide_what_is_below_their_nulls()
    {
        var type = new ColumnType.Struct([new("x", new ColumnType.Int32(), Nullable: false), new("y", new ColumnType.List(Element), Nullable: false)]);
        var schema = new ParquetSchema([new ParquetColumn("s", type)]);
        var structs = new StructColumn(type, [new ValueColumn<int>([1, 2]), new ListColumn([0, 1, 2], null, new ValueColumn<int>([3, 4]))], [false, true]);
        var file = await ParquetRows.WriteAsync(new(), new ColumnBatch(schema, [structs]));
        (await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file))).ShouldBe(["""{"s":null}""", """{"s":{"x":2,"y":[4]}}"""]);
    }

    [Fact]
    public async Task Pages_end_between_rows()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.List(Element), Nullable: false)]);
        var offsets = Enumerable.Range(0, 11).Select(row => row * 30).ToArray();
        var lists = new ListColumn(offsets, null, new ValueColumn<int>([.. Enumerable.Range(0, 300)]));
        var options = new ParquetWriterOptions { PageRows = 40, UseDictionary = false };
        var reader = await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(options, new ColumnBatch(schema, [lists])), new ParquetReadOptions { BatchRows = 1 });
        (await JsonRows.ReadAsync(reader)).ShouldBe(Enumerable.Range(0, 10).Select(row => $$"""{"a":[{{string.Join(',', Enumerable.Range(row * 30, 30))}}]}"""));

        // Two rows of 30 make a page of at least 40 values.
        reader.Metadata.RowGroups[0].Columns[0].ValueCount.ShouldBe(300);
    }

    [Fact]
    public async Task What_is_required_and_missing_is_refused_and_the_file_stays_a_torso()
    {
        var required = new ParquetColumn(ColumnPath.Element, new ColumnType.Int32(), Nullable: false);
        await Refuses(new ColumnType.List(required), new ListColumn([0, 1], null, ValueColumn<int>.From([null])), "'a.list.element' is required");
        var group = new ColumnType.Struct([Element with { Name = "x" }]);
        await Refuses(
            new ColumnType.List(new ParquetColumn(ColumnPath.Element, group, Nullable: false)),
            new ListColumn([0, 1], null, new StructColumn(group, [new ValueColumn<int>([1])], [false])), "is required");
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_below_the_top_is_refused()
    {
        await Refuses(new ColumnType.List(Element), new ListColumn([0, 1], null, new ValueColumn<long>([1])), "ValueColumn");
        await Refuses(new ColumnType.Map(Key, Element with { Name = ColumnPath.Value }), new MapColumn([0, 1], null, BinaryColumn.From(["k"]), values: null), "not there");
        var one = new ColumnType.Struct([Element with { Name = "x" }]);
        var other = new ColumnType.Struct([Element with { Name = "y" }]);
        await Refuses(one, new StructColumn(other, [new ValueColumn<int>([1])], null), "has the fields y");
        await Refuses(new ColumnType.Uuid(), BinaryColumn.From([new byte[16], new byte[15]]), "15 bytes instead of 16");
        await Refuses(new ColumnType.Decimal(9, 0), new ValueColumn<long>([1L << 40]), "more digits");
    }

    [Fact]
    public void A_schema_that_cannot_be_stored_is_refused()
    {
        Refuses(new ColumnType.Struct([]), "without fields");
        Refuses(new ColumnType.List(Element with { Name = "item" }), "named so");
        Refuses(new ColumnType.Decimal(0, 0), "0 digits");
        Refuses(Enumerable.Range(0, 40).Aggregate((ColumnType)new ColumnType.Int32(), (type, _) => new ColumnType.List(new(ColumnPath.Element, type))), "deeper");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(38)]
    [InlineData(76)]
    public async Task Decimals_are_stored_by_their_digits_whatever_held_them(int precision)
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.Decimal(precision, 1))]);
        ColumnData[] alike =
        [
            ValueColumn<int>.From([-9, null, 0, 7]), ValueColumn<long>.From([-9, null, 0, 7]), BinaryColumn.From([[0xF7], null, [], [0, 0, 7]]),
        ];
        foreach (var data in alike)
        {
            var (file, summary) = await ParquetRows.WriteWithSummaryAsync(new() { UseDictionary = false }, new ColumnBatch(schema, [data]));
            (await JsonRows.ReadAsync(await ParquetRows.OpenAsync(file))).ShouldBe(["""{"a":"-0.9"}""", """{"a":null}""", """{"a":"0.0"}""", """{"a":"0.7"}"""]);
            var min = summary.Columns[0].Min.ShouldNotBeNull();
            (min is ColumnValue.Bytes bytes ? (sbyte)bytes.Value.Span[^1] : ((ColumnValue.Integer)min).Value).ShouldBe(-9);
        }
    }

    [Fact]
    public async Task Unsigned_integers_are_ordered_without_sign()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.UInt32()), new ParquetColumn("b", new ColumnType.UInt64())]);
        var batch = new ColumnBatch(schema, [new ValueColumn<uint>([1, uint.MaxValue]), new ValueColumn<ulong>([1, ulong.MaxValue])]);
        var columns = (await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new(), batch))).Metadata.RowGroups[0].Columns;
        (columns[0].Statistics?.Min, columns[0].Statistics?.Max).ShouldBe((new ColumnValue.Integer(1), new ColumnValue.Integer(uint.MaxValue)));
        (columns[1].Statistics?.Min, columns[1].Statistics?.Max).ShouldBe((new ColumnValue.Unsigned(1), new ColumnValue.Unsigned(ulong.MaxValue)));
    }

    [Fact]
    public void Writing_allocates_nothing_per_value()
    {
        const int Rows = 20_000;
        var group = new ColumnType.Struct([new("n", new ColumnType.Int64()), new("t", new ColumnType.String())]);
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.List(new ParquetColumn(ColumnPath.Element, group))), new ParquetColumn("b", new ColumnType.String())]);
        var numbers = new ValueColumn<long>([.. Enumerable.Range(0, 2 * Rows).Select(i => (long)i)]);
        var texts = BinaryColumn.From([.. Enumerable.Range(0, 2 * Rows).Select(i => i % 3 == 0 ? null : $"text {i}")]);
        var lists = new ListColumn([.. Enumerable.Range(0, Rows + 1).Select(i => 2 * i)], null, new StructColumn(group, [numbers, texts], null));
        var batch = new ColumnBatch(schema, [lists, BinaryColumn.From([.. Enumerable.Range(0, Rows).Select(i => (string?)$"{i % 100}")])]);
        using var writer = new ParquetWriter(Stream.Null, schema, new ParquetWriterOptions { RowGroupRows = Rows });
        Allocation.Of(() => writer.WriteAsync(batch).AsTask());

        // The arrays of a row group are there now, and only pages cost something.
        Enumerable.Range(0, 5).Min(_ => Allocation.Of(() => writer.WriteAsync(batch).AsTask())).ShouldBeLessThan(Rows);
    }

    private static async Task Refuses(ColumnType type, ColumnData data, string problem)
    {
        var schema = new ParquetSchema([new ParquetColumn("a", type)]);
        using var writer = new ParquetWriter(new MemoryStream(), schema);
        (await Should.ThrowAsync<ArgumentException>(async () => await writer.WriteAsync(new ColumnBatch(schema, [data])))).Message.ShouldContain(problem);
    }

    private static void Refuses(ColumnType type, string problem) =>
        Should.Throw<ArgumentException>(() => new ParquetWriter(new MemoryStream(), new ParquetSchema([new ParquetColumn("a", type)]))).Message.ShouldContain(problem);
}

using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class TakeTests
{
    [Fact]
    public void Rows_of_every_kind_of_column_are_taken_in_the_order_given() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => IsTaken(new System.Random(seed)).GetAwaiter().GetResult()));

    [Fact]
    public void What_is_taken_does_not_need_what_it_was_taken_from()
    {
        var whole = Batch(new System.Random(1), rows: 10);
        var taken = whole.Take([9, 0, 0]);
        whole.Dispose();
        taken.RowCount.ShouldBe(3);
        taken.Take([]).RowCount.ShouldBe(0);
    }

    private static async Task IsTaken(System.Random random)
    {
        var count = random.Next(1, 40);
        var whole = Batch(random, count);
        int[] rows = [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(count))];
        var lines = await Lines(whole);
        (await Lines(whole.Take(rows))).ShouldBe(rows.Select(row => lines[row]));
    }

    private static async Task<string[]> Lines(ColumnBatch batch)
    {
        using var stream = new MemoryStream();
        using var writer = new JsonLinesWriter(stream);
        await writer.WriteAsync(batch, batch.RowCount);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[..^1];
    }

    private static ColumnBatch Batch(System.Random random, int rows)
    {
        var number = new ParquetColumn("n", new ColumnType.Int64());
        var text = new ParquetColumn("t", new ColumnType.String());
        var pair = new ColumnType.Struct([number, text]);
        var (lists, listed) = Offsets(random, rows);
        var (maps, mapped) = Offsets(random, rows);
        return new ColumnBatch(
            new ParquetSchema([
                number, text,
                new ParquetColumn("pair", pair),
                new ParquetColumn("list", new ColumnType.List(new ParquetColumn(ColumnPath.Element, pair))),
                new ParquetColumn("map", new ColumnType.Map(new ParquetColumn(ColumnPath.Key, text.Type, Nullable: false), new ParquetColumn(ColumnPath.Value, number.Type))),
            ]),
            [
                Numbers(random, rows), Texts(random, rows, hasNulls: true),
                new StructColumn(pair, [Numbers(random, rows), Texts(random, rows, hasNulls: true)], validity: null),
                new ListColumn(lists, Flags(random, rows), new StructColumn(pair, [Numbers(random, listed), Texts(random, listed, hasNulls: true)], Flags(random, listed))),
                new MapColumn(maps, validity: null, Texts(random, mapped, hasNulls: false), Numbers(random, mapped)),
            ]);
    }

    private static ValueColumn<long> Numbers(System.Random random, int rows) =>
        ValueColumn<long>.From([.. Enumerable.Range(0, rows).Select(_ => random.Next(4) == 0 ? null : (long?)random.Next())]);

    private static BinaryColumn Texts(System.Random random, int rows, bool hasNulls) =>
        BinaryColumn.From([.. Enumerable.Range(0, rows).Select(_ => hasNulls && random.Next(4) == 0 ? null : new string('x', random.Next(5)) + random.Next(9))]);

    private static bool[] Flags(System.Random random, int rows) => [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) > 0)];

    private static (int[] Offsets, int Elements) Offsets(System.Random random, int rows)
    {
        var offsets = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            offsets[row + 1] = offsets[row] + random.Next(4);
        }

        return (offsets, offsets[^1]);
    }
}

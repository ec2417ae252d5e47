using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Tests.Testing.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class RoundTripTests
{
    [Fact]
    public void What_is_written_is_read_whatever_the_schema_the_options_and_the_batches() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll<int>(seed => RoundTrips(seed)));

    [Fact]
    public void Reals_keep_every_bit() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll<int>(seed => KeepsBits(seed)));

    [Fact]
    public void Bounds_hold_every_value_and_are_exact_in_the_summary() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll<int>(seed => BoundsHold(seed)));

    private static void RoundTrips(int seed) => RoundTripsAsync(seed).GetAwaiter().GetResult();

    private static async Task RoundTripsAsync(int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.Schema(random);
        ColumnBatch[] batches = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomTables.Batch(random, schema))];
        var options = RandomTables.Options(random);
        var file = await ParquetRows.WriteAsync(options, batches);

        var reader = await ParquetRows.OpenAsync(file, new ParquetReadOptions { BatchRows = random.Next(1, 3_000) });
        reader.Metadata.Schema.Columns.ShouldBe(schema.Columns);
        reader.Metadata.KeyValueMetadata.ShouldBe(options.KeyValueMetadata);
        reader.Metadata.RowCount.ShouldBe(batches.Sum(batch => batch.RowCount));
        var rows = await JsonRows.OfAsync(batches);
        (await JsonRows.ReadAsync(reader)).ShouldBe(rows);

        // What the reader gives can be written again.
        var copy = new List<ColumnBatch>();
        await foreach (var batch in reader.ReadAsync())
        {
            copy.Add(batch);
        }

        if (copy.Count > 0)
        {
            (await JsonRows.ReadAsync(await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(options, [.. copy])))).ShouldBe(rows);
        }
    }

    private static void KeepsBits(int seed) => KeepsBitsAsync(seed).GetAwaiter().GetResult();

    private static async Task KeepsBitsAsync(int seed)
    {
        var random = new Random(seed);
        var batch = RandomTables.Batch(random, RandomTables.FlatSchema(random));
        Bits(await ParquetRows.ReadAsync(await ParquetRows.WriteAsync(RandomTables.Options(random), batch))).ShouldBe(Bits(ParquetRows.Of(batch)));
    }

    private static void BoundsHold(int seed) => BoundsHoldAsync(seed).GetAwaiter().GetResult();

    private static async Task BoundsHoldAsync(int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.FlatSchema(random);
        var batch = RandomTables.Batch(random, schema);
        var (file, summary) = await ParquetRows.WriteWithSummaryAsync(RandomTables.Options(random), batch);
        var groups = (await ParquetRows.OpenAsync(file)).Metadata.RowGroups;
        var first = 0;
        foreach (var group in groups)
        {
            for (var ordinal = 0; ordinal < schema.Columns.Count; ordinal++)
            {
                var values = Ordered(batch, ordinal, first, (int)group.RowCount);
                var stored = group.Columns[ordinal].Statistics.ShouldNotBeNull();
                (stored.Min is null || values.All(value => Compare(Comparable(stored.Min), value) <= 0)).ShouldBeTrue();
                (stored.Max is null || values.All(value => Compare(Comparable(stored.Max), value) >= 0)).ShouldBeTrue();
            }

            first += (int)group.RowCount;
        }

        for (var ordinal = 0; ordinal < schema.Columns.Count; ordinal++)
        {
            var exact = summary.Columns[ordinal];
            var values = ParquetRows.Of(batch).Select(row => row[ordinal]).ToList();
            exact.NullCount.ShouldBe(values.Count(value => value is null));
            exact.NanCount.ShouldBe(values.Count(value => value is double.NaN or float.NaN));
            Comparable(exact.Min).ShouldBe(Ordered(batch, ordinal, 0, batch.RowCount).FirstOrDefault());
            Comparable(exact.Max).ShouldBe(Ordered(batch, ordinal, 0, batch.RowCount).LastOrDefault());
        }
    }

    private static List<object> Ordered(ColumnBatch batch, int ordinal, int first, int count) =>
        [.. ParquetRows.Of(batch).Skip(first).Take(count).Select(row => row[ordinal])
            .Where(value => value is not (null or double.NaN or float.NaN))
            .Select(value => Comparable(value, batch.Schema.Columns[ordinal].Type)).Order(Comparer<object>.Create(Compare))];

    private static object? Comparable(ColumnValue? value) => value switch
    {
        ColumnValue.Flag flag => flag.Value,
        ColumnValue.Integer integer => integer.Value,
        ColumnValue.Real real => real.Value,
        ColumnValue.Bytes bytes => Convert.ToHexString(bytes.Value.Span),
        _ => null,
    };

    private static object Comparable(object? value, ColumnType type) => value switch
    {
        int number => (long)number,
        float number => (double)number,
        string text when type is ColumnType.String => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        _ => value.ShouldNotBeNull(),
    };

    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (double a, double b) => a < b ? -1 : a > b ? 1 : 0,
        (IComparable a, _) => a.CompareTo(right),
        _ => throw new InvalidOperationException($"{left} and {right} have no order."),
    };

    /// <summary>NaN equals nothing, so reals are compared by their bits.</summary>
    private static List<string> Bits(IEnumerable<object?[]> rows) => [.. rows.Select(row => string.Join('|', row.Select(value => value switch
    {
        null => "null",
        double real => BitConverter.DoubleToInt64Bits(real).ToString("x"),
        float real => BitConverter.SingleToInt32Bits(real).ToString("x"),
        _ => $"'{value}'",
    })))];
}

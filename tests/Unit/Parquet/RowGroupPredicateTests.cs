using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Row groups are passed over only when none of their rows can be wanted.</summary>
public sealed class RowGroupPredicateTests
{
    private static readonly ColumnPath A = ColumnPath.Of("a");

    [Fact]
    public void No_row_that_is_wanted_is_passed_over() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll<int>(seed => CheckAsync(new Random(seed)).GetAwaiter().GetResult()));

    [Fact]
    public async Task Only_the_row_groups_that_may_match_are_read()
    {
        var schema = new ParquetSchema([new ParquetColumn("a", new ColumnType.Int64(), Nullable: false)]);
        var batch = new ColumnBatch(schema, [ValueColumn<long>.From([.. Enumerable.Range(0, 1_000).Select(value => (long?)value)])]);
        var reader = await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new ParquetWriterOptions { RowGroupRows = 100 }, batch));
        var predicate = new RowGroupPredicate.All(
            [new RowGroupPredicate.Compare(A, Comparison.GreaterOrEqual, new ColumnValue.Integer(250)), new RowGroupPredicate.Compare(A, Comparison.Less, new ColumnValue.Integer(400))]);
        var rows = new List<object?>();
        await foreach (var read in reader.ReadAsync(rowGroups: (_, group) => predicate.MayMatch(reader.Metadata, group)))
        {
            rows.AddRange(ParquetRows.Of(read).Select(row => row[0]));
        }

        rows.ShouldBe(Enumerable.Range(200, 200).Select(value => (object?)(long)value));
    }

    [Theory]
    [InlineData(Comparison.Equal, "apple", false)]
    [InlineData(Comparison.Equal, "banana", true)]
    [InlineData(Comparison.Equal, "cherry", true)]
    [InlineData(Comparison.Equal, "date", false)]
    [InlineData(Comparison.Less, "b", false)]
    [InlineData(Comparison.LessOrEqual, "b", true)]
    [InlineData(Comparison.Greater, "d", false)]
    [InlineData(Comparison.GreaterOrEqual, "d", true)]
    [InlineData(Comparison.NotEqual, "b", true)]
    [InlineData(Comparison.Equal, "zoë", false)]
    public void Shortened_bounds_are_bounds(Comparison how, string value, bool expected) =>
        MayMatch(new ColumnType.String(), new ColumnStatistics { Min = Text("b"), Max = Text("d") }, how, Text(value)).ShouldBe(expected);

    [Theory]
    [InlineData(Comparison.Greater, 5.0, null, true)]
    [InlineData(Comparison.Greater, 5.0, 0L, false)]
    [InlineData(Comparison.Less, 1.0, null, false)]
    [InlineData(Comparison.Equal, 9.0, null, false)]
    [InlineData(Comparison.Equal, double.NaN, null, true)]
    [InlineData(Comparison.Equal, double.NaN, 0L, false)]
    [InlineData(Comparison.Less, double.NaN, 0L, true)]
    [InlineData(Comparison.NotEqual, 5.0, null, true)]
    public void Bounds_do_not_speak_of_NaN(Comparison how, double value, long? nanCount, bool expected) =>
        MayMatch(new ColumnType.Double(), new ColumnStatistics { Min = new ColumnValue.Real(1), Max = new ColumnValue.Real(5), NanCount = nanCount }, how, new ColumnValue.Real(value))
            .ShouldBe(expected);

    [Theory]
    [InlineData(Comparison.Equal)]
    [InlineData(Comparison.LessOrEqual)]
    public void Zero_has_no_sign(Comparison how) =>
        MayMatch(new ColumnType.Double(), new ColumnStatistics { Min = new ColumnValue.Real(0.0), Max = new ColumnValue.Real(5) }, how, new ColumnValue.Real(-0.0)).ShouldBeTrue();

    [Fact]
    public void Unsigned_numbers_have_their_own_order()
    {
        var statistics = new ColumnStatistics { Min = new ColumnValue.Unsigned(1), Max = new ColumnValue.Unsigned(ulong.MaxValue) };
        MayMatch(new ColumnType.UInt64(), statistics, Comparison.Equal, new ColumnValue.Unsigned(1UL << 63)).ShouldBeTrue();
        MayMatch(new ColumnType.UInt64(), statistics, Comparison.Less, new ColumnValue.Unsigned(1)).ShouldBeFalse();
    }

    [Fact]
    public void Bounds_that_contradict_each_other_say_nothing() =>
        MayMatch(new ColumnType.Int32(), new ColumnStatistics { Min = new ColumnValue.Integer(9), Max = new ColumnValue.Integer(1) }, Comparison.Equal, new ColumnValue.Integer(100)).ShouldBeTrue();

    [Theory]
    [InlineData(10L, false, true, false)]
    [InlineData(0L, true, false, true)]
    [InlineData(3L, true, true, true)]
    [InlineData(null, true, true, true)]
    public void Nulls_are_wanted_only_as_such(long? nulls, bool equal, bool isNull, bool isNotNull)
    {
        var (file, group) = Metadata(new ColumnType.Int32(), new ColumnStatistics { NullCount = nulls });
        new RowGroupPredicate.Compare(A, Comparison.Equal, new ColumnValue.Integer(1)).MayMatch(file, group).ShouldBe(equal);
        new RowGroupPredicate.Compare(A, Comparison.NotEqual, new ColumnValue.Integer(1)).MayMatch(file, group).ShouldBe(equal);
        new RowGroupPredicate.IsNull(A).MayMatch(file, group).ShouldBe(isNull);
        new RowGroupPredicate.IsNotNull(A).MayMatch(file, group).ShouldBe(isNotNull);
    }

    [Fact]
    public void Without_statistics_every_row_group_may_match() =>
        MayMatch(new ColumnType.Int32(), statistics: null, Comparison.Equal, new ColumnValue.Integer(1)).ShouldBeTrue();

    [Fact]
    public void A_value_of_another_kind_or_a_column_that_is_not_there_is_the_callers_mistake()
    {
        var (file, group) = Metadata(new ColumnType.Int32(), statistics: null);
        Should.Throw<ArgumentException>(() => new RowGroupPredicate.Compare(A, Comparison.Equal, Text("1")).MayMatch(file, group));
        Should.Throw<ArgumentException>(() => new RowGroupPredicate.IsNull(ColumnPath.Of("b")).MayMatch(file, group));
    }

    [Fact]
    public void One_of_any_suffices()
    {
        var (file, group) = Metadata(new ColumnType.Int32(), new ColumnStatistics { Min = new ColumnValue.Integer(1), Max = new ColumnValue.Integer(5) });
        var no = new RowGroupPredicate.Compare(A, Comparison.Greater, new ColumnValue.Integer(5));
        var yes = new RowGroupPredicate.Compare(A, Comparison.Less, new ColumnValue.Integer(5));
        new RowGroupPredicate.Any([no, yes]).MayMatch(file, group).ShouldBeTrue();
        new RowGroupPredicate.Any([no, no]).MayMatch(file, group).ShouldBeFalse();
        new RowGroupPredicate.All([no, yes]).MayMatch(file, group).ShouldBeFalse();
    }

    /// <summary>Which bounds as stored are believed: by type, by the column's order, and from which of the fields.</summary>
    [Theory]
    [InlineData(PhysicalType.Int32, null, true, false, true)]
    [InlineData(PhysicalType.Int32, null, false, false, false)]
    [InlineData(PhysicalType.Int32, null, false, true, true)]
    [InlineData(PhysicalType.Int32, ConvertedType.UInt32, true, false, true)]
    [InlineData(PhysicalType.Int32, ConvertedType.UInt32, false, true, false)]
    [InlineData(PhysicalType.ByteArray, ConvertedType.Utf8, true, false, true)]
    [InlineData(PhysicalType.ByteArray, ConvertedType.Utf8, false, true, false)]
    [InlineData(PhysicalType.ByteArray, ConvertedType.Decimal, true, false, false)]
    [InlineData(PhysicalType.FixedLengthByteArray, ConvertedType.Interval, true, false, false)]
    [InlineData(PhysicalType.Int96, null, true, true, false)]
    internal void Bounds_without_an_order_are_not_believed(PhysicalType type, ConvertedType? converted, bool isOrdered, bool isLegacy, bool isBelieved)
    {
        var bound = new byte[type switch { PhysicalType.Int32 => 4, PhysicalType.ByteArray => 6, _ => 12 }];
        var element = new SchemaElement { Name = "a", Type = type, TypeLength = 12, Converted = converted };
        var leaf = new LeafColumn(["a"], 0, element, TypeMapping.ToColumnType(element), MaxDefinitionLevel: 1, MaxRepetitionLevel: 0, SlotDefinitionLevel: 0);
        var (old, current) = isLegacy ? (bound, null) : ((byte[]?)null, bound);
        var statistics = StatisticsFormat.Interpret(new StatisticsFormat.Stored(old, old, NullCount: 0, current, current, IsMaxExact: false, IsMinExact: false), leaf, isOrdered);
        (statistics.Min is not null).ShouldBe(isBelieved);
        (statistics.Max is not null).ShouldBe(isBelieved);
    }

    private static async Task CheckAsync(Random random)
    {
        double[] doubles = [-1, -0.0, 0.0, 0.5, 2, double.NaN, double.PositiveInfinity];
        string[] texts = ["", "a", "aa", "ab", "b", "\u00e9", "\ud83d\ude00", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"];
        var schema = new ParquetSchema([new ParquetColumn("n", new ColumnType.Int32()), new ParquetColumn("d", new ColumnType.Double()), new ParquetColumn("t", new ColumnType.String())]);
        var rows = random.Next(1, 60);
        var batch = new ColumnBatch(schema,
        [
            ValueColumn<int>.From([.. Some(() => (int?)random.Next(-3, 4))]),
            ValueColumn<double>.From([.. Some(() => (double?)doubles[random.Next(doubles.Length)])]),
            BinaryColumn.From([.. Some(() => texts[random.Next(texts.Length)])]),
        ]);
        var reader = await ParquetRows.OpenAsync(await ParquetRows.WriteAsync(new ParquetWriterOptions { RowGroupRows = random.Next(1, 10) }, batch));
        var values = ParquetRows.Of(batch).ToList();
        var (number, real, text) = (random.Next(-4, 5), doubles[random.Next(doubles.Length)], texts[random.Next(texts.Length)]);
        foreach (var how in Enum.GetValues<Comparison>())
        {
            Passes("n", 0, how, new ColumnValue.Integer(number), value => Holds(((int)value).CompareTo(number), how));
            Passes("d", 1, how, new ColumnValue.Real(real), value => Holds((double)value, real, how) || Holds(NanLast((double)value, real), how));
            Passes("t", 2, how, Text(text), value => Holds(Encoding.UTF8.GetBytes((string)value).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text)), how));
        }

        IEnumerable<T?> Some<T>(Func<T?> value) => Enumerable.Range(0, rows).Select(_ => random.Next(4) == 0 ? default : value());

        void Passes(string column, int ordinal, Comparison how, ColumnValue value, Func<object, bool> holds)
        {
            var first = 0;
            foreach (var group in reader.Metadata.RowGroups)
            {
                var wanted = values.Skip(first).Take((int)group.RowCount).Any(row => row[ordinal] is { } found && holds(found));
                var may = new RowGroupPredicate.Compare(ColumnPath.Of(column), how, value).MayMatch(reader.Metadata, group);
                (may || !wanted).ShouldBeTrue($"rows from {first} on: {column} {how} {value}");
                first += (int)group.RowCount;
            }
        }
    }

    private static bool Holds(int order, Comparison how) => how switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    /// <summary>As Spark orders.</summary>
    private static int NanLast(double left, double right) => (double.IsNaN(left), double.IsNaN(right)) switch
    {
        (false, false) => left.CompareTo(right),
        var (isLeft, isRight) => isLeft.CompareTo(isRight),
    };

    /// <summary>As IEEE 754 compares.</summary>
    private static bool Holds(double left, double right, Comparison how) => how switch
    {
        Comparison.Equal => left == right,
        Comparison.NotEqual => left != right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        _ => left >= right,
    };

    private static bool MayMatch(ColumnType type, ColumnStatistics? statistics, Comparison how, ColumnValue value)
    {
        var (file, group) = Metadata(type, statistics);
        return new RowGroupPredicate.Compare(A, how, value).MayMatch(file, group);
    }

    private static (ParquetFileMetadata File, RowGroupMetadata Group) Metadata(ColumnType type, ColumnStatistics? statistics)
    {
        var chunk = new ColumnChunkMetadata
        {
            Path = "a",
            PhysicalType = PhysicalType.Int32,
            Codec = CompressionCodec.Uncompressed,
            Encodings = [],
            ValueCount = 10,
            Offset = 4,
            CompressedSize = 1,
            UncompressedSize = 1,
            Statistics = statistics,
        };
        var group = new RowGroupMetadata { RowCount = 10, Columns = [chunk] };
        var stored = new StoredColumn { Path = ["a"], PhysicalType = PhysicalType.Int32, FixedLength = 0, Type = type, MaxDefinitionLevel = 1, MaxRepetitionLevel = 0 };
        return (new ParquetFileMetadata { Version = 1, RowCount = 10, Schema = new ParquetSchema([new ParquetColumn("a", type)]), StoredColumns = [stored], KeyValueMetadata = [], RowGroups = [group] }, group);
    }

    private static ColumnValue.Bytes Text(string text) => new(Encoding.UTF8.GetBytes(text));
}

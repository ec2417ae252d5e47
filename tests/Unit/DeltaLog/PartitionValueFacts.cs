using System.Numerics;
using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class PartitionValueFacts
{
    private const long Noon = 1_704_196_800_000_000;

    [Theory]
    [InlineData("byte", "-128", -128L)]
    [InlineData("short", "32767", 32767L)]
    [InlineData("integer", "-5", -5L)]
    [InlineData("long", "9223372036854775807", long.MaxValue)]
    public void Integers(string type, string text, long value) => Parse(type, text).ShouldBe(new PartitionValue.Integer(value));

    [Theory]
    [InlineData("float", "1.0", 1)]
    [InlineData("double", "1.0E10", 1e10)]
    [InlineData("double", "-0.0", 0)]
    [InlineData("double", "NaN", double.NaN)]
    [InlineData("double", "-Infinity", double.NegativeInfinity)]
    public void Reals(string type, string text, double value) => Parse(type, text).ShouldBe(new PartitionValue.Real(value));

    [Theory]
    [InlineData("decimal(10,2)", "-1.50", -150, 2)]
    [InlineData("decimal(10,2)", "-1.5", -150, 2)]
    [InlineData("decimal(10,2)", "-1.5000", -150, 2)]
    [InlineData("decimal(10,0)", "1E+2", 100, 0)]
    [InlineData("decimal(5, 3)", "0", 0, 3)]
    public void Decimals_are_equal_however_many_zeros_they_end_in(string type, string text, int unscaled, int scale) =>
        Parse(type, text).ShouldBe(new PartitionValue.Decimal(new BigInteger(unscaled), scale));

    [Theory]
    [InlineData("2024-01-02 12:00:00")]
    [InlineData("2024-01-02 12:00:00.000")]
    [InlineData("2024-01-02 12:00:00.000000")]
    [InlineData("2024-01-02T12:00:00.000000Z")]
    [InlineData("2024-01-02T12:00:00Z")]
    [InlineData("2024-01-02T14:00:00.000+02:00")]
    [InlineData("2024-01-02 10:30:00-01:30")]
    public void Timestamps_are_equal_however_they_are_spelled(string text) => Parse("timestamp", text).ShouldBe(new PartitionValue.Timestamp(Noon));

    [Fact]
    public void Timestamps_have_microseconds_and_may_lie_before_the_epoch()
    {
        Parse("timestamp", "1969-12-31 23:59:59.999999").ShouldBe(new PartitionValue.Timestamp(-1));
        Parse("timestamp_ntz", "2024-01-02 12:00:00.5").ShouldBe(new PartitionValue.Timestamp(Noon + 500_000));
        Parse("timestamp_ntz", "2024-01-02T12:00:00").ShouldBe(new PartitionValue.Timestamp(Noon));
    }

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2024-02-29", 19_782)]
    [InlineData("0001-01-01", -719_162)]
    [InlineData("9999-12-31", 2_932_896)]
    [InlineData("0000-03-01", -719_468)]
    [InlineData("+10000-01-01", 2_932_897)]
    [InlineData("-0001-12-31", -719_529)]
    public void Dates(string text, int days) => Parse("date", text).ShouldBe(new PartitionValue.Date(days));

    [Fact]
    public void Every_date_of_the_calendar_is_its_day()
    {
        for (var day = new DateOnly(1, 1, 1); day < new DateOnly(9999, 12, 1); day = day.AddDays(29))
        {
            Parse("date", day.ToString("yyyy-MM-dd")).ShouldBe(new PartitionValue.Date(day.DayNumber - 719_162));
        }
    }

    [Fact]
    public void Texts_flags_and_bytes()
    {
        Parse("string", "a=b/c").ShouldBe(new PartitionValue.Text("a=b/c"));
        Parse("boolean", "true").ShouldBe(new PartitionValue.Flag(true));
        Parse("boolean", "False").ShouldBe(new PartitionValue.Flag(false));
        Parse("binary", "\u0001\u0002\u0003").ShouldBe(new PartitionValue.Bytes(new byte[] { 1, 2, 3 }));
        Parse("something new", "x").ShouldBe(new PartitionValue.Text("x"));
    }

    [Theory]
    [InlineData("string")]
    [InlineData("integer")]
    [InlineData("date")]
    [InlineData("binary")]
    public void Null_and_empty_are_null_in_every_type(string type)
    {
        Parse(type, null).ShouldBe(PartitionValue.Missing.Value);
        Parse(type, "").ShouldBe(PartitionValue.Missing.Value);
    }

    [Theory]
    [InlineData("byte", "128")]
    [InlineData("integer", "2147483648")]
    [InlineData("integer", "1.0")]
    [InlineData("integer", " 1")]
    [InlineData("long", "0x1")]
    [InlineData("double", "1e999")]
    [InlineData("float", "1e39")]
    [InlineData("double", "one")]
    [InlineData("boolean", "yes")]
    [InlineData("decimal(3,2)", "10.00")]
    [InlineData("decimal(3,2)", "1.001")]
    [InlineData("decimal(3,2)", "1E99999999999")]
    [InlineData("decimal(3,2)", "1,5")]
    [InlineData("date", "2024-02-30")]
    [InlineData("date", "2023-02-29")]
    [InlineData("date", "2024-13-01")]
    [InlineData("date", "2024-01-02 00:00:00")]
    [InlineData("date", "99999999999-01-01")]
    [InlineData("timestamp", "2024-01-02")]
    [InlineData("timestamp", "2024-01-02 24:00:00")]
    [InlineData("timestamp", "2024-01-02 00:00:00.0000001")]
    [InlineData("timestamp", "+999999-01-01 00:00:00")]
    [InlineData("timestamp_ntz", "2024-01-02T12:00:00Z")]
    public void What_is_no_value_of_the_type_is_none(string type, string text) => Parse(type, text).ShouldBeNull();

    [Fact]
    public async Task A_file_with_a_value_of_another_type_is_named_with_column_and_value()
    {
        using var table = Table("p", "integer", "9", "x");
        var snapshot = await table.Table.ReadSnapshot();
        var columns = PartitionColumns.Of(snapshot);
        columns.ValueOf(snapshot.Files.Single(file => file.Path == "f0"), "p").ShouldBe(new PartitionValue.Integer(9));
        var error = Should.Throw<DeltaException>(() => columns.ValueOf(snapshot.Files.Single(file => file.Path == "f1"), "p"));
        error.Class.ShouldBe(DeltaErrorClass.InvalidPartitionValue);
        error.Message.ShouldBe("the add action of file f1 has 'x' in partition column p, which is no integer");
    }

    [Theory]
    [InlineData("integer", new[] { "10", "9", "x", "-1", "" }, new[] { null, "-1", "9", "10", "x" })]
    [InlineData("string", new[] { "10", "9", "\U0001F600", "\uFFFD" }, new[] { "10", "9", "\uFFFD", "\U0001F600" })]
    [InlineData("double", new[] { "NaN", "1E2", "99.5", "-Infinity" }, new[] { "-Infinity", "99.5", "1E2", "NaN" })]
    [InlineData("timestamp", new[] { "2024-01-02 12:00:00", "2024-01-02T11:59:59.999999Z", "2024-01-02T13:00:00+02:00" }, new[] { "2024-01-02T13:00:00+02:00", "2024-01-02T11:59:59.999999Z", "2024-01-02 12:00:00" })]
    public async Task Partitions_are_listed_in_the_order_of_their_values(string type, string[] values, string?[] ordered)
    {
        using var table = Table("p", type, values);
        var listing = await table.Table.ReadPartitions();
        listing.InOrder().Select(named => named.Name.Single().Value).ShouldBe(ordered);
    }

    [SharedTheory]
    [MemberData(nameof(ExpectedTable.SharedNames), MemberType = typeof(ExpectedTable))]
    public async Task All_partition_values_of_tables_of_others_are_values_of_their_types(string name)
    {
        var expected = ExpectedTable.LoadShared(name);
        if (expected.IsReadable)
        {
            var snapshot = await DeltaTable.At(expected.Table).ReadSnapshot();
            var columns = PartitionColumns.Of(snapshot);
            foreach (var column in snapshot.Metadata.PartitionColumns)
            {
                snapshot.Files.Select(file => columns.ValueOf(file, column)).ShouldAllBe(value => value != null);
            }
        }
    }

    private static PartitionValue? Parse(string type, string? text) => PartitionValueParser.TryParse(new DataType.Primitive(type), text);

    private static TemporaryTable Table(string column, string type, params string[] values)
    {
        var table = new TemporaryTable();
        var schema = new TableSchema([new SchemaField(column, new DataType.Primitive(type))]).ToJson();
        table.Put(
            0,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            $$$"""{"metaData":{"id":"t","format":{"provider":"parquet"},"schemaString":{{{JsonSerializer.Serialize(schema)}}},"partitionColumns":["{{{column}}}"]}}""");
        table.Put(1, [.. values.Select((value, i) => $$$"""{"add":{"path":"f{{{i}}}","partitionValues":{"{{{column}}}":{{{JsonSerializer.Serialize(value)}}}},"size":1,"modificationTime":1,"dataChange":true}}""")]);
        return table;
    }
}

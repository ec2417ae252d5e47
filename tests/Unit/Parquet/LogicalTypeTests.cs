using System.Runtime.InteropServices;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Each type of values, as the rows show it.</summary>
public sealed class LogicalTypeTests
{
    [Fact]
    public Task Unsigned_integers_are_read_as_such() => Task.WhenAll(
        Shows(Field(PhysicalType.Int32, ConvertedType.UInt8), Bytes(255, 0), "255", "0"),
        Shows(Field(PhysicalType.Int32, ConvertedType.UInt32), Bytes(-1), "4294967295"),
        Shows(Field(PhysicalType.Int32, logical: Integer(16, signed: false)), Bytes(65_535), "65535"),
        Shows(Field(PhysicalType.Int32, logical: Integer(32, signed: false)), Bytes(int.MinValue), "2147483648"),
        Shows(Field(PhysicalType.Int64, ConvertedType.UInt64), Bytes(-1L), "\"18446744073709551615\""),
        Shows(Field(PhysicalType.Int32, ConvertedType.Int8), Bytes(-128), "-128"));

    [Fact]
    public Task Decimals_have_the_digits_that_their_scale_says() => Task.WhenAll(
        Shows(Decimal(PhysicalType.Int32, 9, 2), Bytes(-5, 0, 12345), "\"-0.05\"", "\"0.00\"", "\"123.45\""),
        Shows(Decimal(PhysicalType.Int64, 18, 0), Bytes(long.MinValue), "\"-9223372036854775808\""),
        Shows(Decimal(PhysicalType.FixedLengthByteArray, 38, 3) with { Length = 3 }, [0xFF, 0xFF, 0xFE, 0x00, 0x04, 0xD2], "\"-0.002\"", "\"1.234\""),
        Shows(Decimal(PhysicalType.FixedLengthByteArray, 38, 0) with { Length = 16 }, [0x80, .. new byte[15]], "\"-170141183460469231731687303715884105728\""),
        Shows(Decimal(PhysicalType.FixedLengthByteArray, 48, 1) with { Length = 20 }, [1, .. new byte[19]], "\"570899077082383952423314387779798054553098649.6\""),
        Shows(Decimal(PhysicalType.ByteArray, 4, 2), [0, 0, 0, 0, 1, 0, 0, 0, 0x80], "\"0.00\"", "\"-1.28\""),
        Shows(Field(PhysicalType.Int32, logical: HandmadeField.LogicalType(5, writer =>
        {
            writer.WriteInt32(1, 1);
            writer.WriteInt32(2, 5);
        })), Bytes(77), "\"7.7\""));

    [Fact]
    public Task Dates_and_times_have_the_precision_of_the_file() => Task.WhenAll(
        Shows(
            Field(PhysicalType.Int32, ConvertedType.Date), Bytes(0, -1, 19_782, 2_932_897, -719_529),
            "\"1970-01-01\"", "\"1969-12-31\"", "\"2024-02-29\"", "\"+010000-01-01\"", "\"-000001-12-31\""),
        Shows(Field(PhysicalType.Int32, ConvertedType.TimeMillis), Bytes(86_399_999), "\"23:59:59.999000\""),
        Shows(Field(PhysicalType.Int64, ConvertedType.TimeMicros), Bytes(1L), "\"00:00:00.000001\""),
        Shows(Field(PhysicalType.Int64, logical: Ticks(7, 3, isUtc: false)), Bytes(3_600_000_000_007L), "\"01:00:00.000000007\""),
        Shows(Field(PhysicalType.Int64, ConvertedType.TimestampMillis), Bytes(-1L), "\"1969-12-31T23:59:59.999000Z\""),
        Shows(Field(PhysicalType.Int64, logical: Ticks(8, 1, isUtc: false)), Bytes(1L), "\"1970-01-01T00:00:00.001000\""),
        Shows(Field(PhysicalType.Int64, logical: Ticks(8, 2, isUtc: true)), Bytes(long.MaxValue), "\"+294247-01-10T04:00:54.775807Z\""),
        Shows(Field(PhysicalType.Int64, logical: Ticks(8, 3, isUtc: true)), Bytes(-1L), "\"1969-12-31T23:59:59.999999999Z\""),
        Shows(
            Field(PhysicalType.Int96), [.. Bytes(1L), .. Bytes(2_440_588), .. Bytes(-1L), .. Bytes(2_440_588)],
            "\"1970-01-01T00:00:00.000000001Z\"", "\"1969-12-31T23:59:59.999999999Z\""));

    [Fact]
    public Task Reals_that_JSON_lacks_are_texts() => Task.WhenAll(
        Shows(
            Field(PhysicalType.Double), MemoryMarshal.AsBytes<double>([double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.1]).ToArray(),
            "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"-0.0\"", "0.1"),
        Shows(Field(PhysicalType.Float), MemoryMarshal.AsBytes<float>([0.1f, 1.5f]).ToArray(), "0.10000000149011612", "1.5"),
        Shows(Field(PhysicalType.FixedLengthByteArray, logical: HandmadeField.LogicalType(15)) with { Length = 2 }, [0x00, 0x3C, 0x00, 0x80, 0x00, 0x7C], "1", "\"-0.0\"", "\"Infinity\""));

    [Fact]
    public Task Texts_and_bytes_are_told_apart() => Task.WhenAll(
        Shows(Field(PhysicalType.ByteArray, ConvertedType.Enum), Text("é\""), "\"é\\\"\""),
        Shows(Field(PhysicalType.ByteArray, ConvertedType.Json), Text("{}"), "\"{}\""),
        Shows(Field(PhysicalType.ByteArray, logical: HandmadeField.LogicalType(1)), [1, 0, 0, 0, 0xFF], "\"\uFFFD\""),
        Shows(Field(PhysicalType.ByteArray, ConvertedType.Bson), Text("abc"), "\"YWJj\""),
        Shows(Field(PhysicalType.ByteArray, logical: HandmadeField.LogicalType(99)), Text("abc"), "\"YWJj\""),
        Shows(Field(PhysicalType.FixedLengthByteArray, ConvertedType.Interval) with { Length = 12 }, new byte[12], "\"AAAAAAAAAAAAAAAA\""),
        Shows(
            Field(PhysicalType.FixedLengthByteArray, logical: HandmadeField.LogicalType(14)) with { Length = 16 }, [.. Enumerable.Range(0, 16).Select(i => (byte)i)],
            "\"00010203-0405-0607-0809-0a0b0c0d0e0f\""));

    [Fact]
    public Task An_annotation_that_does_not_fit_is_passed_over() => Task.WhenAll(
        Shows(Field(PhysicalType.Int64, ConvertedType.Date), Bytes(1L), "\"1\""),
        Shows(Field(PhysicalType.Int64, logical: Ticks(7, 1, isUtc: true)), Bytes(1L), "\"1\""),
        Shows(Field(PhysicalType.Int32, logical: HandmadeField.LogicalType(99)), Bytes(1), "1"),
        Shows(Field(PhysicalType.FixedLengthByteArray, logical: HandmadeField.LogicalType(14)) with { Length = 3 }, [1, 2, 3], "\"AQID\""));

    [Theory]
    [InlineData(-1)]
    [InlineData(2_000_000_000)]
    public async Task A_decimal_of_impossible_scale_is_refused(int scale)
    {
        var file = HandmadeFile.OfValues(Decimal(PhysicalType.Int32, 9, scale), 1, Bytes(1));
        (await Should.ThrowAsync<ParquetException>(async () => await ParquetRows.OpenAsync(file))).Kind.ShouldBe(ParquetErrorKind.CorruptFile);
    }

    private static async Task Shows(HandmadeField field, byte[] plain, params string[] values)
    {
        var reader = await ParquetRows.OpenAsync(HandmadeFile.OfValues(field, values.Length, plain));
        (await JsonRows.ReadAsync(reader)).ShouldBe(values.Select(value => $$"""{"a":{{value}}}"""));
    }

    private static HandmadeField Field(PhysicalType type, ConvertedType? converted = null, Action<Latecomer.Parquet.Thrift.CompactWriter>? logical = null) =>
        new("a", type) { Converted = converted, Logical = logical };

    private static HandmadeField Decimal(PhysicalType type, int precision, int scale) =>
        new("a", type) { Converted = ConvertedType.Decimal, Precision = precision, Scale = scale };

    private static Action<Latecomer.Parquet.Thrift.CompactWriter> Integer(int bits, bool signed) => HandmadeField.LogicalType(10, writer =>
    {
        writer.WriteByte(1, (sbyte)bits);
        writer.WriteBoolean(2, signed);
    });

    private static Action<Latecomer.Parquet.Thrift.CompactWriter> Ticks(int id, int unit, bool isUtc) => HandmadeField.LogicalType(id, writer =>
    {
        writer.WriteBoolean(1, isUtc);
        writer.BeginStruct(2);
        writer.BeginStruct(unit);
        writer.EndStruct();
        writer.EndStruct();
    });

    private static byte[] Bytes(params int[] values) => MemoryMarshal.AsBytes<int>(values).ToArray();

    private static byte[] Bytes(params long[] values) => MemoryMarshal.AsBytes<long>(values).ToArray();

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(System.Text.Encoding.UTF8.GetByteCount(text)), .. System.Text.Encoding.UTF8.GetBytes(text)];
}

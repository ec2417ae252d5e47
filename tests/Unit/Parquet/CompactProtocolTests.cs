using Latecomer.Parquet;
using Latecomer.Parquet.Thrift;
using Latecomer.Parquet.Writing;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class CompactProtocolTests
{
    [Fact]
    public void Fields_are_read_as_they_were_written()
    {
        using var buffer = new PageBuffer();
        var writer = new CompactWriter(buffer);
        writer.BeginStruct();
        writer.WriteInt32(1, -1);
        writer.WriteInt64(40, long.MinValue);
        writer.BeginList(41, CompactType.Int32, 20);
        Enumerable.Range(0, 20).ToList().ForEach(writer.WriteInt32Value);
        writer.BeginStruct(42);
        writer.WriteBoolean(7, value: true);
        writer.EndStruct();
        writer.WriteString(43, "grün");
        writer.EndStruct();

        var reader = new CompactReader(buffer.Written);
        var id = 0;
        reader.NextField(ref id, out var field).ShouldBeTrue();
        reader.ReadInt32(field).ShouldBe(-1);
        reader.NextField(ref id, out field).ShouldBeTrue();
        field.Id.ShouldBe(40);
        reader.ReadInt64(field).ShouldBe(long.MinValue);
        reader.NextField(ref id, out field).ShouldBeTrue();
        reader.ReadList(field, CompactType.Int32).ShouldBe(20);
        for (var index = 0; index < 20; index++)
        {
            reader.ReadInt32Value().ShouldBe(index);
        }

        reader.NextField(ref id, out field).ShouldBeTrue();
        reader.Skip(field);
        reader.NextField(ref id, out field).ShouldBeTrue();
        field.Id.ShouldBe(43);
        reader.ReadString(field).ShouldBe("grün");
        reader.NextField(ref id, out _).ShouldBeFalse();
        reader.Position.ShouldBe(buffer.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("19 FC FF FF FF FF 0F")]
    [InlineData("18 FF FF FF FF 07")]
    [InlineData("16 FF FF FF FF FF FF FF FF FF FF 01")]
    [InlineData("1E 00")]
    [InlineData("1B FF FF FF FF 0F 00")]
    public void Damaged_bytes_are_refused(string hex) => Should.Throw<ParquetException>(() => SkipAll(hex));

    [Fact]
    public void Nesting_without_end_is_refused() => Should.Throw<ParquetException>(() => SkipAll(string.Concat(Enumerable.Repeat("1C", 100_000))));

    private static void SkipAll(string hex)
    {
        var reader = new CompactReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var id = 0;
        while (reader.NextField(ref id, out var field))
        {
            reader.Skip(field);
        }
    }
}

using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Types by the names that the shared expectations give them.</summary>
internal static class TypeNames
{
    public static (string? Physical, string? Logical) Of(StoredColumn column) => (
        column.PhysicalType switch
        {
            PhysicalType.FixedLengthByteArray => $"FIXED_LEN_BYTE_ARRAY({column.FixedLength})",
            PhysicalType.ByteArray => "BYTE_ARRAY",
            var type => type.ToString().ToUpperInvariant(),
        },
        column.Type switch
        {
            ColumnType.Int8 or ColumnType.Int16 => "int32",
            ColumnType.UInt8 or ColumnType.UInt16 => "uint32",
            ColumnType.Decimal number => $"decimal({number.Precision},{number.Scale})",
            ColumnType.Timestamp time => $"timestamp({time.Unit.ToString().ToUpperInvariant()},{(time.AdjustedToUtc ? "utc" : "local")})",
            ColumnType.Time time => $"time({time.Unit.ToString().ToUpperInvariant()})",
            var type => type.GetType().Name.ToLowerInvariant(),
        });

    public static string Of(CompressionCodec codec) => codec == CompressionCodec.Lz4Raw ? "LZ4_RAW" : codec.ToString().ToUpperInvariant();
}

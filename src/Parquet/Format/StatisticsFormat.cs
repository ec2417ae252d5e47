using System.Buffers.Binary;
using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>The Statistics of a column chunk, between the footer's bytes and <see cref="ColumnStatistics"/>.</summary>
internal static class StatisticsFormat
{
    /// <summary>The statistics as stored, before anything is known of the column's order.</summary>
    public sealed record Stored(
        byte[]? LegacyMax, byte[]? LegacyMin, long? NullCount, byte[]? Max, byte[]? Min, bool IsMaxExact, bool IsMinExact);

    public static Stored Read(ref CompactReader reader)
    {
        var stored = new Stored(null, null, null, null, null, IsMaxExact: false, IsMinExact: false);
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    stored = stored with { LegacyMax = reader.ReadBytes(field).ToArray() };
                    break;
                case 2:
                    stored = stored with { LegacyMin = reader.ReadBytes(field).ToArray() };
                    break;
                case 3:
                    stored = stored with { NullCount = reader.ReadInt64(field) };
                    break;
                case 5:
                    stored = stored with { Max = reader.ReadBytes(field).ToArray() };
                    break;
                case 6:
                    stored = stored with { Min = reader.ReadBytes(field).ToArray() };
                    break;
                case 7:
                    stored = stored with { IsMaxExact = CompactReader.ReadBoolean(field) };
                    break;
                case 8:
                    stored = stored with { IsMinExact = CompactReader.ReadBoolean(field) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return stored;
    }

    /// <summary>Keeps what can be relied on. Bounds without a column order, and the deprecated fields of text and bytes,
    /// were written by signed comparison in their day; bounds of a wrong size or with NaN are no bounds.</summary>
    public static ColumnStatistics Interpret(Stored stored, LeafColumn leaf, bool isOrdered)
    {
        var isBytes = leaf.PhysicalType == PhysicalType.ByteArray;
        var (min, max) = isOrdered ? (stored.Min, stored.Max) : (null, null);
        if (min is null && max is null && !isBytes && leaf.Type is not (ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 or ColumnType.UInt64))
        {
            (min, max) = (stored.LegacyMin, stored.LegacyMax);
        }

        var (minValue, maxValue) = (Decode(min, leaf), Decode(max, leaf));
        var isNan = minValue is ColumnValue.Real { Value: double.NaN } || maxValue is ColumnValue.Real { Value: double.NaN };
        return new ColumnStatistics
        {
            NullCount = stored.NullCount is >= 0 ? stored.NullCount : null,
            Min = isNan ? null : minValue,
            Max = isNan ? null : maxValue,
            IsExact = !isBytes || (stored.IsMinExact && stored.IsMaxExact),
        };
    }

    public static void Write(CompactWriter writer, int id, ColumnStatistics statistics, LeafColumn leaf, int maxBytes)
    {
        var isBytes = leaf.PhysicalType == PhysicalType.ByteArray;
        var (min, isMinExact) = ShortenedBound.Below(Encode(statistics.Min, leaf.PhysicalType, isMin: true), maxBytes, isBytes);
        var (max, isMaxExact) = ShortenedBound.Above(Encode(statistics.Max, leaf.PhysicalType, isMin: false), maxBytes, isBytes, leaf.Type is ColumnType.String);
        writer.BeginStruct(id);
        if (statistics.NullCount is { } nullCount)
        {
            writer.WriteInt64(3, nullCount);
        }

        if (max is not null)
        {
            writer.WriteBytes(5, max);
        }

        if (min is not null)
        {
            writer.WriteBytes(6, min);
        }

        if (max is not null)
        {
            writer.WriteBoolean(7, isMaxExact);
        }

        if (min is not null)
        {
            writer.WriteBoolean(8, isMinExact);
        }

        writer.EndStruct();
    }

    private static byte[]? Encode(ColumnValue? value, PhysicalType type, bool isMin)
    {
        var buffer = new byte[8];
        switch (value)
        {
            case null:
                return null;
            case ColumnValue.Flag flag:
                return [flag.Value ? (byte)1 : (byte)0];
            case ColumnValue.Bytes bytes:
                return bytes.Value.ToArray();
            case ColumnValue.Integer integer when type == PhysicalType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(buffer, integer.Value);
                return buffer;
            case ColumnValue.Integer integer:
                BinaryPrimitives.WriteInt32LittleEndian(buffer, unchecked((int)integer.Value));
                return buffer[..4];
            case ColumnValue.Unsigned integer:
                BinaryPrimitives.WriteUInt64LittleEndian(buffer, integer.Value);
                return buffer;
            case ColumnValue.Real real when type == PhysicalType.Double:
                BinaryPrimitives.WriteDoubleLittleEndian(buffer, SignedZero(real.Value, isMin));
                return buffer;
            case ColumnValue.Real real:
                BinaryPrimitives.WriteSingleLittleEndian(buffer, (float)SignedZero(real.Value, isMin));
                return buffer[..4];
            default:
                throw new InvalidOperationException($"{value} is no bound.");
        }
    }

    /// <summary>The format asks for -0 as a minimum and +0 as a maximum, since readers may order the two.</summary>
    private static double SignedZero(double value, bool isMin) => value == 0 ? (isMin ? -0.0 : 0.0) : value;

    private static ColumnValue? Decode(byte[]? bound, LeafColumn leaf) => (bound, leaf.PhysicalType) switch
    {
        (null, _) => null,
        ({ Length: 1 }, PhysicalType.Boolean) => new ColumnValue.Flag(bound[0] != 0),
        ({ Length: 4 }, PhysicalType.Int32) when leaf.Type is ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 =>
            new ColumnValue.Integer(BinaryPrimitives.ReadUInt32LittleEndian(bound)),
        ({ Length: 4 }, PhysicalType.Int32) => new ColumnValue.Integer(BinaryPrimitives.ReadInt32LittleEndian(bound)),
        ({ Length: 8 }, PhysicalType.Int64) when leaf.Type is ColumnType.UInt64 => new ColumnValue.Unsigned(BinaryPrimitives.ReadUInt64LittleEndian(bound)),
        ({ Length: 8 }, PhysicalType.Int64) => new ColumnValue.Integer(BinaryPrimitives.ReadInt64LittleEndian(bound)),
        ({ Length: 4 }, PhysicalType.Float) => new ColumnValue.Real(BinaryPrimitives.ReadSingleLittleEndian(bound)),
        ({ Length: 8 }, PhysicalType.Double) => new ColumnValue.Real(BinaryPrimitives.ReadDoubleLittleEndian(bound)),
        (_, PhysicalType.ByteArray) when leaf.Type is ColumnType.String or ColumnType.Binary => new ColumnValue.Bytes(bound),
        _ => null,
    };
}

using System.Numerics;
using Latecomer.Parquet;

namespace Latecomer.Tests.Testing.Parquet;

/// <summary>The values of a column out of a seed. Below a null there is always a null, even of what is required.</summary>
public static class RandomColumns
{
    /// <summary>A column of so many rows.</summary>
    public static ColumnData Of(Random random, ParquetColumn column, int rows) => Of(random, column, new bool[rows]);

    /// <param name="random">The seed.</param>
    /// <param name="column">What to make.</param>
    /// <param name="absent">Per row, whether what is above it is null.</param>
    private static ColumnData Of(Random random, ParquetColumn column, bool[] absent)
    {
        var nullShare = column.Nullable ? random.Next(5) switch { 0 => 0, 1 => 1, 2 => 0.05, 3 => 0.3, _ => 0.9 } : 0;
        bool[] valid = [.. absent.Select(isAbsent => !isAbsent && random.NextDouble() >= nullShare)];
        switch (column.Type)
        {
            case ColumnType.Struct group:
                bool[] missing = [.. valid.Select(isValid => !isValid)];
                return new StructColumn(group, [.. group.Fields.Select(field => Of(random, field, missing))], valid);
            case ColumnType.List list:
                var offsets = Offsets(random, valid);
                return new ListColumn(offsets, valid, Of(random, list.Element, new bool[offsets[^1]]));
            case ColumnType.Map map:
                var starts = Offsets(random, valid);
                var values = map.Value is { } value ? Of(random, value, new bool[starts[^1]]) : null;
                return new MapColumn(starts, valid, Keys(map.Key.Type, starts), values);
            default:
                return Values(random, column.Type, valid);
        }
    }

    private static int[] Offsets(Random random, bool[] valid)
    {
        // Few elements on the whole, and now and then a row with many.
        var offsets = new int[valid.Length + 1];
        for (var row = 0; row < valid.Length; row++)
        {
            var count = valid[row] ? random.Next(4) * random.Next(2) : 0;
            offsets[row + 1] = offsets[row] + (valid[row] && random.Next(500) == 0 ? 700 : count);
        }

        return offsets;
    }

    /// <summary>Keys that differ within each row.</summary>
    private static ColumnData Keys(ColumnType type, int[] offsets)
    {
        var numbers = Enumerable.Range(0, offsets.Length - 1).SelectMany(row => Enumerable.Range(0, offsets[row + 1] - offsets[row]));
        return type is ColumnType.Int32 ? new ValueColumn<int>([.. numbers]) : BinaryColumn.From([.. numbers.Select(number => (string?)$"k{number}")]);
    }

    private static ColumnData Values(Random random, ColumnType type, bool[] valid)
    {
        var distinct = random.Next(4) switch { 0 => 1, 1 => 3, 2 => 100, _ => int.MaxValue };
        return type switch
        {
            ColumnType.Boolean => ValueColumn<bool>.From(Fill<bool?>(() => random.Next(2) == 0)),
            ColumnType.Int8 => ValueColumn<int>.From(Fill<int?>(() => (sbyte)Next())),
            ColumnType.Int16 => ValueColumn<int>.From(Fill<int?>(() => (short)Next())),
            ColumnType.Int32 => ValueColumn<int>.From(Fill<int?>(() => (int)Next())),
            ColumnType.Date => ValueColumn<int>.From(Fill<int?>(() => (int)(Next() % 2_000_000))),
            ColumnType.UInt8 => ValueColumn<uint>.From(Fill<uint?>(() => (byte)Next())),
            ColumnType.UInt16 => ValueColumn<uint>.From(Fill<uint?>(() => (ushort)Next())),
            ColumnType.UInt32 => ValueColumn<uint>.From(Fill<uint?>(() => (uint)Next())),
            ColumnType.Int64 => ValueColumn<long>.From(Fill<long?>(Number)),
            ColumnType.UInt64 => ValueColumn<ulong>.From(Fill<ulong?>(() => (ulong)Next())),
            ColumnType.Timestamp { Unit: TimestampUnit.Nanos } => ValueColumn<long>.From(Fill<long?>(() => Next() >> 1)),
            ColumnType.Timestamp => ValueColumn<long>.From(Fill<long?>(() => Next() % 100_000_000_000_000L)),
            ColumnType.Time { Unit: TimestampUnit.Millis } => ValueColumn<int>.From(Fill<int?>(() => (int)Math.Abs(Next() % 86_400_000))),
            ColumnType.Time { Unit: TimestampUnit.Micros } => ValueColumn<long>.From(Fill<long?>(() => Math.Abs(Next() % 86_400_000_000))),
            ColumnType.Time => ValueColumn<long>.From(Fill<long?>(() => Math.Abs(Next() % 86_400_000_000_000))),
            ColumnType.Float => ValueColumn<float>.From(Fill<float?>(() => BitConverter.Int32BitsToSingle((int)Next()))),
            ColumnType.Double => ValueColumn<double>.From(Fill<double?>(() => random.Next(9) == 0 ? -0.0 : BitConverter.Int64BitsToDouble(Next()))),
            ColumnType.Int96 => ValueColumn<Int96>.From(Fill<Int96?>(() => new Int96(Math.Abs(Next() % 86_400_000_000_000), 2_440_588 + (int)(Next() % 50_000)))),
            ColumnType.String => BinaryColumn.From(Fill(() => (string?)Text())),
            ColumnType.Float16 => BinaryColumn.From(Fill(() => (byte[]?)BitConverter.GetBytes((short)Next()))),
            ColumnType.Uuid => BinaryColumn.From(Fill(() => (byte[]?)[.. BitConverter.GetBytes(Next()), .. BitConverter.GetBytes(Next())])),
            ColumnType.Decimal number => Decimals(number),
            _ => BinaryColumn.From(Fill(() => (byte[]?)BitConverter.GetBytes(Next())[..random.Next(8)])),
        };

        List<T?> Fill<T>(Func<T?> next) => [.. valid.Select(isValid => isValid ? next() : default)];
        long Next() => distinct == int.MaxValue ? random.NextInt64(long.MinValue, long.MaxValue) : (random.Next(distinct) * 0x1234_5678_9ABCL) ^ (random.Next(50) == 0 ? long.MinValue : 0);
        long? Number() => Next();
        string Text() => random.Next(2_000) == 0 ? new string('ü', random.Next(30_000)) : $"{Next() % 100_000:x}" + (random.Next(3) == 0 ? "" : "𝄞");

        // As a file may store them: in any integer or bytes that they fit into.
        ColumnData Decimals(ColumnType.Decimal number)
        {
            var limit = BigInteger.Pow(10, number.Precision);
            BigInteger Unscaled() => (random.Next(3) == 0 ? limit - 1 : (BigInteger)Next() * Next() % limit) * (random.Next(2) == 0 ? 1 : -1);
            return random.Next(3) switch
            {
                0 when number.Precision <= 9 => ValueColumn<int>.From(Fill<int?>(() => (int)Unscaled())),
                < 2 when number.Precision <= 18 => ValueColumn<long>.From(Fill<long?>(() => (long)Unscaled())),
                _ => BinaryColumn.From(Fill(() => (byte[]?)Unscaled().ToByteArray(isBigEndian: true))),
            };
        }
    }
}

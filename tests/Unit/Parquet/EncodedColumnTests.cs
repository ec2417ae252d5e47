using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Columns in every encoding of every type that has it, over pages of both versions, with nulls and without: whatever was encoded is
/// read, wherever batches are cut.</summary>
public sealed class EncodedColumnTests
{
    private const int Columns = 150;

    private static readonly (PhysicalType Type, int Length)[] Numbers =
        [(PhysicalType.Int32, 4), (PhysicalType.Int64, 8), (PhysicalType.Float, 4), (PhysicalType.Double, 8)];

    public static TheoryData<PageEncoding, PhysicalType, int> Encodings()
    {
        var data = new TheoryData<PageEncoding, PhysicalType, int>
        {
            { PageEncoding.Plain, PhysicalType.Boolean, 1 },
            { PageEncoding.Rle, PhysicalType.Boolean, 1 },
            { PageEncoding.DeltaBinaryPacked, PhysicalType.Int32, 4 },
            { PageEncoding.DeltaBinaryPacked, PhysicalType.Int64, 8 },
            { PageEncoding.DeltaLengthByteArray, PhysicalType.ByteArray, 0 },
            { PageEncoding.DeltaByteArray, PhysicalType.ByteArray, 0 },
            { PageEncoding.DeltaByteArray, PhysicalType.FixedLengthByteArray, 5 },
            { PageEncoding.ByteStreamSplit, PhysicalType.FixedLengthByteArray, 5 },
        };
        foreach (var (type, length) in Numbers)
        {
            data.Add(PageEncoding.ByteStreamSplit, type, length);
        }

        foreach (var (type, length) in Numbers.Append((PhysicalType.ByteArray, 0)).Append((PhysicalType.FixedLengthByteArray, 3)))
        {
            data.Add(PageEncoding.Plain, type, length);
            data.Add(PageEncoding.RleDictionary, type, length);
            data.Add(PageEncoding.PlainDictionary, type, length);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void What_was_encoded_is_read(PageEncoding encoding, PhysicalType type, int length) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Columns), Prop.ForAll<int>(seed => CheckAsync(encoding, type, length, new Random(seed)).GetAwaiter().GetResult()));

    private static async Task CheckAsync(PageEncoding encoding, PhysicalType type, int length, Random random)
    {
        var isOptional = random.Next(2) == 0;
        var pool = Values(type, length, random.Next(1, 40), random);
        var (rows, pages) = (new List<byte[]?>(), new List<HandmadePage>());
        for (var page = random.Next(1, 5); page > 0; page--)
        {
            byte[]?[] entries = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => isOptional && random.Next(4) == 0 ? null : Pick(pool, type, length, encoding, random))];
            rows.AddRange(entries);
            pages.Add(Page(encoding, type, entries, pool, isOptional, random));
        }

        if (encoding is PageEncoding.RleDictionary or PageEncoding.PlainDictionary)
        {
            pages.Insert(0, new HandmadePage(PageKind.Dictionary, NaiveEncoder.Plain(type, pool), pool.Count));
        }

        HandmadeField field = new("a", type, isOptional ? Repetition.Optional : Repetition.Required) { Length = type == PhysicalType.FixedLengthByteArray ? length : 0 };
        var file = HandmadeFile.Build([field], rows.Count, new HandmadeChunk("a", type, rows.Count, [.. pages]));
        var found = await ParquetRows.ReadAsync(file, new ParquetReadOptions { BatchRows = random.Next(1, 500) });
        found.Select(row => row[0]).ShouldBe(rows.Select(value => value is null ? null : Shown(type, value)));
    }

    private static HandmadePage Page(PageEncoding encoding, PhysicalType type, byte[]?[] entries, List<byte[]> pool, bool isOptional, Random random)
    {
        byte[][] present = [.. entries.OfType<byte[]>()];
        var values = NaiveEncoder.Encode(encoding, type, present, pool, random);
        var levels = isOptional ? NaiveEncoder.Hybrid([.. entries.Select(entry => entry is null ? 0UL : 1UL)], width: 1, random) : [];
        return random.Next(2) == 0
            ? new HandmadePage(PageKind.DataV2, [.. levels, .. values], entries.Length, encoding) { DefinitionBytes = levels.Length }
            : new HandmadePage(PageKind.Data, [.. isOptional ? NaiveEncoder.WithLength(levels) : [], .. values], entries.Length, encoding);
    }

    private static byte[] Pick(List<byte[]> pool, PhysicalType type, int length, PageEncoding encoding, Random random) =>
        encoding is PageEncoding.RleDictionary or PageEncoding.PlainDictionary || random.Next(2) == 0
            ? pool[random.Next(pool.Count)]
            : Value(type, length, random);

    private static List<byte[]> Values(PhysicalType type, int length, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => Value(type, length, random)).DistinctBy(Convert.ToHexString)];

    private static byte[] Value(PhysicalType type, int length, Random random)
    {
        var value = new byte[type == PhysicalType.ByteArray ? random.Next(0, 30) : length];
        switch (type)
        {
            case PhysicalType.Boolean:
                value[0] = (byte)random.Next(2);
                break;
            case PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray:
                // Of few letters, so that values begin alike.
                Array.ForEach(Enumerable.Range(0, value.Length).ToArray(), at => value[at] = (byte)('a' + random.Next(2)));
                break;
            case PhysicalType.Int32 or PhysicalType.Int64 when random.Next(2) == 0:
                BitConverter.GetBytes((long)random.Next(-50, 50)).AsSpan(0, value.Length).CopyTo(value);
                break;
            default:
                random.NextBytes(value);
                break;
        }

        return value;
    }

    private static object Shown(PhysicalType type, byte[] value) => type switch
    {
        PhysicalType.Boolean => value[0] != 0,
        PhysicalType.Int32 => BitConverter.ToInt32(value),
        PhysicalType.Int64 => BitConverter.ToInt64(value),
        PhysicalType.Float => BitConverter.ToSingle(value),
        PhysicalType.Double => BitConverter.ToDouble(value),
        _ => Convert.ToHexString(value),
    };
}

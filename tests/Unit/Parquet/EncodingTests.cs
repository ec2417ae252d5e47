using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Reading;
using Latecomer.Parquet.Writing;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class EncodingTests
{
    [Fact]
    public void Runs_and_groups_give_back_what_was_encoded_however_it_is_cut() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var bitWidth = random.Next(0, 32);
            var values = Runs(random, bitWidth);
            using var encoded = new PageBuffer();
            RleEncoder.Encode(values, bitWidth, encoded);
            var decoder = new RleDecoder(encoded.Memory, bitWidth, int.MaxValue);
            var decoded = new int[values.Length];
            for (var first = 0; first < decoded.Length;)
            {
                var count = Math.Min(random.Next(1, 50), decoded.Length - first);
                decoder.Read(decoded.AsSpan(first, count));
                first += count;
            }

            decoded.ShouldBe(values);
        }));

    [Fact]
    public void Bits_are_read_as_the_same_values_of_one_bit() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll<bool[]>(bits =>
        {
            using var encoded = new PageBuffer();
            RleEncoder.Encode([.. bits.Select(bit => bit ? 1 : 0)], bitWidth: 1, encoded);
            var decoded = new bool[bits.Length];
            new RleDecoder(encoded.Memory, bitWidth: 1, maxValue: 1).ReadBits(decoded).ShouldBe(bits.Count(bit => bit));
            decoded.ShouldBe(bits);
        }));

    [Fact]
    public void Values_are_packed_from_the_least_significant_bit_as_the_format_shows_it()
    {
        var packed = new byte[3];
        BitPacking.Pack([0, 1, 2, 3, 4, 5, 6, 7], bitWidth: 3, packed);
        packed.ShouldBe([0b10001000, 0b11000110, 0b11111010]);
    }

    [Fact]
    public void A_long_run_takes_its_length_and_one_value()
    {
        using var encoded = new PageBuffer();
        RleEncoder.Encode(Enumerable.Repeat(1, 1_000).ToArray(), bitWidth: 1, encoded);
        encoded.Written.ToArray().ShouldBe([0xD0, 0x0F, 0x01]);
    }

    [Fact]
    public void Padding_that_a_writer_left_out_is_not_missed()
    {
        // One group of eight values of two bits, cut after the first byte: four values are there.
        var values = new int[4];
        new RleDecoder(new byte[] { 0b11, 0b11100100 }, bitWidth: 2, maxValue: 3).Read(values);
        values.ShouldBe([0, 1, 2, 3]);
    }

    [Theory]
    [InlineData(new byte[] { }, 1)]
    [InlineData(new byte[] { 0x08 }, 8)]
    [InlineData(new byte[] { 0x03 }, 8)]
    [InlineData(new byte[] { 0x03, 0xFF }, 5)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, 1)]
    [InlineData(new byte[] { 0x10, 0x02 }, 3)]
    public void Too_few_or_too_great_values_are_refused(byte[] encoded, int wanted) =>
        Should.Throw<ParquetException>(() => new RleDecoder(encoded, bitWidth: 2, maxValue: 1).Read(new int[wanted]));

    [Fact]
    public void Nothing_can_be_looked_up_in_an_empty_dictionary() =>
        Should.Throw<ParquetException>(() => new DictionaryIndices(new byte[] { 1, 0x03, 0xFF }, count: 0).Rent(1));

    private static int[] Runs(Random random, int bitWidth)
    {
        var values = new List<int>();
        for (var runs = random.Next(0, 30); runs > 0; runs--)
        {
            var value = (int)(random.NextInt64() & ((1L << bitWidth) - 1));
            values.AddRange(Enumerable.Repeat(value, random.Next(2) == 0 ? 1 : random.Next(1, 40)));
        }

        return [.. values];
    }
}

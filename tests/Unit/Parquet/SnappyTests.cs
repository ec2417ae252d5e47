using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Reading;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class SnappyTests
{
    [Fact]
    public void What_is_compressed_is_decompressed() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int>(seed =>
        {
            var input = Input(new Random(seed));
            Decompress(Compress(input), input.Length).ShouldBe(input);
        }));

    [Fact]
    public void Repetitive_text_shrinks_to_a_fraction()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"android-device-{i % 7},version 1.{i % 3}\n")));
        Compress(text).Length.ShouldBeLessThan(text.Length / 4);
    }

    [Fact]
    public void What_cannot_shrink_hardly_grows()
    {
        var input = new byte[100_000];
        new Random(1).NextBytes(input);
        Compress(input).Length.ShouldBeLessThan(100_100);
    }

    [Fact]
    public void Nothing_becomes_a_length_of_nothing() => Compress([]).ShouldBe([0]);

    [Theory]
    [InlineData("0A 04 61 62 11 02", "ababababab")]
    [InlineData("06 00 61 12 01 00", "aaaaaa")]
    [InlineData("05 F0 04 68 65 6C 6C 6F", "hello")]
    [InlineData("06 00 62 13 01 00 00 00", "bbbbbb")]
    public void Each_form_of_literal_and_copy_is_read(string hex, string text) =>
        Encoding.UTF8.GetString(Decompress(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), text.Length)).ShouldBe(text);

    [Theory]
    [InlineData("", 1)]
    [InlineData("80 80 80 80 80 80", 1)]
    [InlineData("05 10 68 65", 5)]
    [InlineData("02 10 68 65 6C 6C 6F", 2)]
    [InlineData("05 01 01", 5)]
    [InlineData("08 00 61 01 00", 8)]
    [InlineData("08 00 61 01 02", 8)]
    [InlineData("08 00 61 01", 8)]
    [InlineData("03 00 61 01 01", 3)]
    [InlineData("05 00 61", 5)]
    [InlineData("05 FC FF FF FF FF 61", 5)]
    [InlineData("06 10 68 65 6C 6C 6F", 5)]
    public void A_damaged_block_is_refused(string hex, int length) =>
        Should.Throw<ParquetException>(() => Decompress(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), length));

    [Fact]
    public void Flipped_bits_are_refused_or_give_other_bytes_and_nothing_else() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var input = Input(random);
            var compressed = Compress(input);
            compressed[random.Next(compressed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Decompress(compressed, input.Length);
            }
            catch (ParquetException)
            {
            }
        }));

    private static byte[] Input(Random random)
    {
        var input = new byte[random.Next(4) == 0 ? random.Next(200_000) : random.Next(500)];
        var alphabet = random.Next(1, 256);
        for (var index = 0; index < input.Length; index++)
        {
            input[index] = index > 8 && random.Next(3) > 0 ? input[index - random.Next(1, 9)] : (byte)random.Next(alphabet);
        }

        return input;
    }

    private static byte[] Compress(byte[] input)
    {
        var output = new byte[SnappyEncoder.MaxCompressedLength(input.Length)];
        return output[..SnappyEncoder.Compress(input, output)];
    }

    private static byte[] Decompress(byte[] input, int length)
    {
        using var output = new PageOutput(new ReadBudget(ParquetReadOptions.Default, input.Length));
        return output.Decompress(CompressionCodec.Snappy, input, length).ToArray();
    }
}

using FsCheck;
using FsCheck.Fluent;
using Latecomer.Parquet;
using Latecomer.Tests.Testing.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

public sealed class HostileFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("PAR1")]
    [InlineData("PAR1PAR1PAR1")]
    [InlineData("this is a text of some length and no Parquet file")]
    public async Task What_is_no_Parquet_file_is_refused_by_name(string content)
    {
        var exception = await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(System.Text.Encoding.Latin1.GetBytes(content)));
        exception.Kind.ShouldBe(ParquetErrorKind.CorruptFile);
        exception.Message.ShouldStartWith("memory.parquet: ");
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused()
    {
        var file = await FileAsync(seed: 3);
        for (var length = 0; length < file.Length; length += 1 + (length / 50))
        {
            await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(file[..length]));
        }
    }

    [Fact]
    public void Flipped_bytes_are_refused_or_read_and_nothing_else() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll<int>(seed => FlipAsync(seed).GetAwaiter().GetResult()));

    [Fact]
    public async Task A_refusal_within_a_column_says_which_and_where()
    {
        var schema = new ParquetSchema([new ParquetColumn("words", new ColumnType.String())]);
        var file = await ParquetRows.WriteAsync(
            new ParquetWriterOptions { Codec = CompressionCodec.Uncompressed, UseDictionary = false },
            new ColumnBatch(schema, [BinaryColumn.From(["one", "two", "three"])]));
        var at = file.AsSpan().IndexOf("one"u8);
        file[at - 4] = 0xFF;
        var exception = await Should.ThrowAsync<ParquetException>(() => ParquetRows.ReadAsync(file));
        exception.Column.ShouldBe("words");
        exception.Offset.ShouldBe(4);
        exception.Message.ShouldStartWith("memory.parquet, column 'words', offset 4: ");
    }

    private static async Task FlipAsync(int seed)
    {
        var random = new Random(seed);
        var file = await FileAsync(seed);
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            // The footer says the most, so half of the damage goes there.
            var from = random.Next(2) == 0 ? 4 : Math.Max(4, file.Length - 400);
            file[random.Next(from, file.Length - 8)] ^= (byte)random.Next(1, 256);
        }

        try
        {
            var reader = await ParquetRows.OpenAsync(file);
            if (reader.Metadata.RowCount < 1_000_000)
            {
                await JsonRows.ReadAsync(reader);
            }
        }
        catch (ParquetException)
        {
        }
    }

    private static Task<byte[]> FileAsync(int seed)
    {
        var random = new Random(seed);
        var schema = RandomTables.Schema(random);
        return ParquetRows.WriteAsync(RandomTables.Options(random), RandomTables.Batch(random, schema));
    }
}

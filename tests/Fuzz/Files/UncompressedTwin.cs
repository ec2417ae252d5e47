using Latecomer.Parquet;
using Latecomer.Parquet.Compression;

namespace Latecomer.Tests.Fuzz;

/// <summary>The same file without compression, so that damage to a page meets the decoder of its values and not only the one of its bytes.</summary>
internal static class UncompressedTwin
{
    /// <summary>Null for a file that has no compressed page, or cannot be read.</summary>
    public static ParquetLayout? TryMake(ParquetLayout file)
    {
        var compressed = file.Pages.Where(page => page.Chunk.NumberOf(ColumnChunks.Codec) > 0).ToList();
        if (compressed.Count == 0)
        {
            return null;
        }

        try
        {
            var plan = new FilePlan(file);
            compressed.ForEach(page => Inflate(plan, page));
            foreach (var chunk in ColumnChunks.Of(plan.Footer))
            {
                chunk[ColumnChunks.Codec]!.Number = 0;
            }

            return ParquetLayout.Of($"{file.Name} (uncompressed)", plan.Build()) is { IsSound: true } twin ? twin : null;
        }
        catch (Exception error) when (error is ParquetException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static void Inflate(FilePlan plan, PagePlace page)
    {
        var header = plan.File.ReadHeader(page);
        var body = plan.File.BodyOf(page);
        var levels = 0;
        var isCompressed = true;
        if (header.NumberOf(PageHeaders.Kind) == PageHeaders.KindOfDataV2 && header[PageHeaders.DataV2] is { } version2)
        {
            levels = (int)((version2.NumberOf(PageHeaders.DefinitionBytesV2) ?? 0) + (version2.NumberOf(PageHeaders.RepetitionBytesV2) ?? 0));
            isCompressed = version2[PageHeaders.IsCompressedV2]?.Type != ThriftValue.False;
        }

        var size = (int)(header.NumberOf(PageHeaders.UncompressedSize) ?? throw new FormatException("a page without a size"));
        var values = new byte[size - levels];
        if (!isCompressed)
        {
            body[levels..].CopyTo(values);
        }
        else if (values.Length > 0 && PageCompression.Decompress((CompressionCodec)page.Chunk.NumberOf(ColumnChunks.Codec)!.Value, body[levels..].ToArray(), values) != values.Length)
        {
            throw new FormatException("a page of another size");
        }

        header[PageHeaders.CompressedSize]!.Number = size;
        header.Fields.RemoveAll(field => field.Id == PageHeaders.Checksum);
        plan.Replace(page, ThriftWriter.Write(header), [.. body[..levels], .. values]);
    }
}

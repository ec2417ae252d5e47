using System.Buffers;
using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>Writes a footer (FileMetaData) as Spark's files have it.</summary>
internal sealed class FooterWriter(IBufferWriter<byte> output, ParquetWriterOptions options)
{
    private readonly CompactWriter writer = new(output);

    /// <summary>Writes the schema's elements, the root first, and what else the footer has; <paramref name="leaves"/> is how many columns are stored.</summary>
    public void Write(IReadOnlyList<SchemaElement> elements, int leaves, IReadOnlyList<WrittenRowGroup> groups)
    {
        writer.BeginStruct();
        writer.WriteInt32(1, 1);
        writer.BeginList(2, CompactType.Struct, elements.Count);
        foreach (var element in elements)
        {
            element.Write(writer);
        }

        writer.WriteInt64(3, groups.Sum(group => group.RowCount));
        writer.BeginList(4, CompactType.Struct, groups.Count);
        for (var ordinal = 0; ordinal < groups.Count; ordinal++)
        {
            Write(groups[ordinal], ordinal);
        }

        WriteKeyValues();
        writer.WriteString(6, options.CreatedBy);
        writer.BeginList(7, CompactType.Struct, leaves);
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            writer.BeginStruct();
            writer.BeginStruct(1);
            writer.EndStruct();
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    private void WriteKeyValues()
    {
        if (options.KeyValueMetadata.Count == 0)
        {
            return;
        }

        writer.BeginList(5, CompactType.Struct, options.KeyValueMetadata.Count);
        foreach (var (key, value) in options.KeyValueMetadata)
        {
            writer.BeginStruct();
            writer.WriteString(1, key);
            if (value is not null)
            {
                writer.WriteString(2, value);
            }

            writer.EndStruct();
        }
    }

    private void Write(WrittenRowGroup group, int ordinal)
    {
        writer.BeginStruct();
        writer.BeginList(1, CompactType.Struct, group.Chunks.Count);
        foreach (var chunk in group.Chunks)
        {
            writer.BeginStruct();
            writer.WriteInt64(2, chunk.DictionaryPageOffset ?? chunk.DataPageOffset);
            writer.BeginStruct(3);
            WriteMetadata(chunk);
            writer.EndStruct();
            writer.EndStruct();
        }

        writer.WriteInt64(2, group.Chunks.Sum(chunk => chunk.UncompressedSize));
        writer.WriteInt64(3, group.RowCount);
        if (group.Chunks.Count > 0)
        {
            writer.WriteInt64(5, group.Chunks[0].DictionaryPageOffset ?? group.Chunks[0].DataPageOffset);
            writer.WriteInt64(6, group.Chunks.Sum(chunk => chunk.CompressedSize));
        }

        if (ordinal <= short.MaxValue)
        {
            writer.WriteInt16(7, (short)ordinal);
        }

        writer.EndStruct();
    }

    private void WriteMetadata(WrittenChunk chunk)
    {
        var usesDictionary = chunk.DictionaryEncodedPages > 0;
        writer.WriteInt32(1, (int)chunk.Leaf.PhysicalType);
        PageEncoding[] encodings = usesDictionary
            ? [PageEncoding.Plain, PageEncoding.Rle, PageEncoding.RleDictionary]
            : [PageEncoding.Plain, PageEncoding.Rle];
        writer.BeginList(2, CompactType.Int32, encodings.Length);
        foreach (var encoding in encodings)
        {
            writer.WriteInt32Value((int)encoding);
        }

        writer.BeginList(3, CompactType.Binary, chunk.Leaf.Path.Count);
        foreach (var name in chunk.Leaf.Path)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteInt32(4, (int)chunk.Codec);
        writer.WriteInt64(5, chunk.ValueCount);
        writer.WriteInt64(6, chunk.UncompressedSize);
        writer.WriteInt64(7, chunk.CompressedSize);
        writer.WriteInt64(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is { } dictionaryOffset)
        {
            writer.WriteInt64(11, dictionaryOffset);
        }

        StatisticsFormat.Write(writer, 12, chunk.Statistics, chunk.Leaf, options.StatisticsBytes);
        WriteEncodingStatistics(chunk);
    }

    /// <summary>By these a reader knows that every value is in the dictionary, and may filter by it alone.</summary>
    private void WriteEncodingStatistics(WrittenChunk chunk)
    {
        (PageKind Kind, PageEncoding Encoding, int Pages)[] statistics =
        [
            (PageKind.Dictionary, PageEncoding.Plain, chunk.DictionaryPageOffset is null ? 0 : 1),
            (PageKind.Data, PageEncoding.RleDictionary, chunk.DictionaryEncodedPages),
            (PageKind.Data, PageEncoding.Plain, chunk.PlainPages),
        ];
        writer.BeginList(13, CompactType.Struct, statistics.Count(entry => entry.Pages > 0));
        foreach (var (kind, encoding, pages) in statistics.Where(entry => entry.Pages > 0))
        {
            writer.BeginStruct();
            writer.WriteInt32(1, (int)kind);
            writer.WriteInt32(2, (int)encoding);
            writer.WriteInt32(3, pages);
            writer.EndStruct();
        }
    }
}

using System.Buffers;
using Latecomer.Parquet;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Thrift;
using Latecomer.Parquet.Writing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>A field of a handmade schema.</summary>
internal sealed record HandmadeField(string Name, PhysicalType? Type = null, Repetition Repetition = Repetition.Required)
{
    public int Length { get; init; }

    public ConvertedType? Converted { get; init; }

    public int Scale { get; init; }

    public int Precision { get; init; }

    /// <summary>Writes the fields of LogicalType.</summary>
    public Action<CompactWriter>? Logical { get; init; }

    public HandmadeField[] Children { get; init; } = [];

    public static Action<CompactWriter> LogicalType(int id, Action<CompactWriter>? parameters = null) => writer =>
    {
        writer.BeginStruct(id);
        parameters?.Invoke(writer);
        writer.EndStruct();
    };

    public void Write(CompactWriter writer)
    {
        writer.BeginStruct();
        Optional(1, (int?)Type);
        Optional(2, Length == 0 ? null : Length);
        writer.WriteInt32(3, (int)Repetition);
        writer.WriteString(4, Name);
        Optional(5, Children.Length == 0 ? null : Children.Length);
        Optional(6, (int?)Converted);
        Optional(7, Scale == 0 ? null : Scale);
        Optional(8, Precision == 0 ? null : Precision);
        if (Logical is not null)
        {
            writer.BeginStruct(10);
            Logical(writer);
            writer.EndStruct();
        }

        writer.EndStruct();
        Array.ForEach(Children, child => child.Write(writer));

        void Optional(int id, int? value)
        {
            if (value is { } number)
            {
                writer.WriteInt32(id, number);
            }
        }
    }
}

/// <summary>A page with its header.</summary>
internal sealed record HandmadePage(PageKind Kind, byte[] Body, int Values, PageEncoding Encoding = PageEncoding.Plain)
{
    public PageEncoding DefinitionEncoding { get; init; } = PageEncoding.Rle;

    public PageEncoding RepetitionEncoding { get; init; } = PageEncoding.Rle;

    public int? UncompressedSize { get; init; }

    /// <summary>Of version 2.</summary>
    public int DefinitionBytes { get; init; }

    /// <summary>Of version 2.</summary>
    public int RepetitionBytes { get; init; }

    public uint? Checksum { get; init; }

    /// <summary>Bytes of a field of the header that nobody knows.</summary>
    public int Padding { get; init; }

    public void Write(CompactWriter writer)
    {
        writer.BeginStruct();
        writer.WriteInt32(1, (int)Kind);
        writer.WriteInt32(2, UncompressedSize ?? Body.Length);
        writer.WriteInt32(3, Body.Length);
        if (Checksum is { } checksum)
        {
            writer.WriteInt32(4, (int)checksum);
        }

        writer.BeginStruct(Kind switch { PageKind.Data => 5, PageKind.Dictionary => 7, _ => 8 });
        int[] fields = Kind switch
        {
            PageKind.Data => [Values, (int)Encoding, (int)DefinitionEncoding, (int)RepetitionEncoding],
            PageKind.Dictionary => [Values, (int)Encoding],
            _ => [Values, 0, Values, (int)Encoding, DefinitionBytes, RepetitionBytes],
        };
        for (var id = 1; id <= fields.Length; id++)
        {
            writer.WriteInt32(id, fields[id - 1]);
        }

        writer.EndStruct();
        if (Padding > 0)
        {
            writer.WriteBytes(20, new byte[Padding]);
        }

        writer.EndStruct();
    }
}

/// <summary>The only row group's chunk of a leaf.</summary>
internal sealed record HandmadeChunk(string Path, PhysicalType Type, long Values, params HandmadePage[] Pages)
{
    public CompressionCodec Codec { get; init; }

    /// <summary>Where the footer says that it is, if not the truth.</summary>
    public long? Offset { get; init; }

    /// <summary>How long the footer says that it is, if not the truth.</summary>
    public long? Length { get; init; }
}

/// <summary>Files byte by byte, for what no writer at hand makes.</summary>
internal static class HandmadeFile
{
    /// <summary>A file of one required column with one plain page.</summary>
    public static byte[] OfValues(HandmadeField field, int count, byte[] plain) =>
        Build([field], count, new HandmadeChunk(field.Name, field.Type!.Value, count, new HandmadePage(PageKind.Data, plain, count)));

    public static byte[] Build(HandmadeField[] fields, long rows, params HandmadeChunk[] chunks) => Build(fields, rows, totalRows: rows, chunks);

    public static byte[] Build(HandmadeField[] fields, long rows, long totalRows, params HandmadeChunk[] chunks)
    {
        using var file = new PageBuffer();
        var writer = new CompactWriter(file);
        file.Write("PAR1"u8);
        var places = chunks.Select(chunk => WriteChunk(file, chunk)).ToList();
        var footer = file.Written.Length;
        writer.BeginStruct();
        writer.WriteInt32(1, 1);
        writer.BeginList(2, CompactType.Struct, fields.Sum(Count) + 1);
        new SchemaElement { Name = "root", ChildCount = fields.Length }.Write(writer);
        Array.ForEach(fields, field => field.Write(writer));
        writer.WriteInt64(3, totalRows);
        writer.BeginList(4, CompactType.Struct, 1);
        writer.BeginStruct();
        writer.BeginList(1, CompactType.Struct, chunks.Length);
        for (var ordinal = 0; ordinal < chunks.Length; ordinal++)
        {
            WriteMetadata(writer, chunks[ordinal], places[ordinal]);
        }

        writer.WriteInt64(2, places.Sum(place => place.Length));
        writer.WriteInt64(3, rows);
        writer.EndStruct();
        writer.EndStruct();
        file.Write(BitConverter.GetBytes(file.Written.Length - footer));
        file.Write("PAR1"u8);
        return file.Written.ToArray();
    }

    private static int Count(HandmadeField field) => 1 + field.Children.Sum(Count);

    private static (long Offset, long Length) WriteChunk(PageBuffer file, HandmadeChunk chunk)
    {
        var offset = file.Written.Length;
        foreach (var page in chunk.Pages)
        {
            page.Write(new CompactWriter(file));
            file.Write(page.Body);
        }

        return (offset, file.Written.Length - offset);
    }

    private static void WriteMetadata(CompactWriter writer, HandmadeChunk chunk, (long Offset, long Length) place)
    {
        writer.BeginStruct();
        writer.BeginStruct(3);
        writer.WriteInt32(1, (int)chunk.Type);
        writer.BeginList(2, CompactType.Int32, 0);
        var path = chunk.Path.Split('.');
        writer.BeginList(3, CompactType.Binary, path.Length);
        Array.ForEach(path, writer.WriteStringValue);
        writer.WriteInt32(4, (int)chunk.Codec);
        writer.WriteInt64(5, chunk.Values);
        writer.WriteInt64(6, chunk.Length ?? place.Length);
        writer.WriteInt64(7, chunk.Length ?? place.Length);
        writer.WriteInt64(9, chunk.Offset ?? place.Offset);
        writer.EndStruct();
        writer.EndStruct();
    }
}

using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>What a page is (PageType).</summary>
internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>What stands before a page's bytes. The fields of the three kinds of header are folded into one, for a page has
/// just one of them.</summary>
internal record struct PageHeader
{
    public PageHeader()
    {
    }

    public PageKind Kind { get; set; }

    public int UncompressedSize { get; set; }

    public int CompressedSize { get; set; }

    /// <summary>CRC-32 of the page's bytes as stored; null if the writer left it out.</summary>
    public uint? Checksum { get; set; }

    /// <summary>Nulls included; for a dictionary, its entries.</summary>
    public int ValueCount { get; set; }

    public PageEncoding Encoding { get; set; }

    public PageEncoding DefinitionLevelEncoding { get; set; } = PageEncoding.Rle;

    public PageEncoding RepetitionLevelEncoding { get; set; } = PageEncoding.Rle;

    /// <summary>Of version 2, where levels stand uncompressed before the values.</summary>
    public int DefinitionLevelBytes { get; set; }

    /// <summary>Of version 2.</summary>
    public int RepetitionLevelBytes { get; set; }

    /// <summary>Of version 2: whether the values are compressed at all.</summary>
    public bool IsCompressed { get; set; } = true;

    /// <summary>Whether the struct that fits <see cref="Kind"/> was there.</summary>
    public bool IsComplete { get; private set; }

    public static PageHeader Read(ref CompactReader reader)
    {
        var header = new PageHeader { Kind = (PageKind)(-1), CompressedSize = -1, UncompressedSize = -1 };
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    header.Kind = (PageKind)reader.ReadInt32(field);
                    break;
                case 2:
                    header.UncompressedSize = reader.ReadInt32(field);
                    break;
                case 3:
                    header.CompressedSize = reader.ReadInt32(field);
                    break;
                case 4:
                    header.Checksum = (uint)reader.ReadInt32(field);
                    break;
                case 5 when header.Kind == PageKind.Data:
                case 7 when header.Kind == PageKind.Dictionary:
                case 8 when header.Kind == PageKind.DataV2:
                    header.ReadDetails(ref reader, field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return header;
    }

    public readonly void Write(CompactWriter writer)
    {
        writer.BeginStruct();
        writer.WriteInt32(1, (int)Kind);
        writer.WriteInt32(2, UncompressedSize);
        writer.WriteInt32(3, CompressedSize);
        writer.BeginStruct(Kind == PageKind.Dictionary ? 7 : 5);
        writer.WriteInt32(1, ValueCount);
        writer.WriteInt32(2, (int)Encoding);
        if (Kind == PageKind.Data)
        {
            writer.WriteInt32(3, (int)PageEncoding.Rle);
            writer.WriteInt32(4, (int)PageEncoding.Rle);
        }

        writer.EndStruct();
        writer.EndStruct();
    }

    /// <summary>Reads the struct that fits the kind; version 2 counts its fields otherwise.</summary>
    private void ReadDetails(ref CompactReader reader, CompactField details)
    {
        CompactReader.ExpectStruct(details);
        IsComplete = true;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (Kind, field.Id)
            {
                case (_, 1):
                    ValueCount = reader.ReadInt32(field);
                    break;
                case (PageKind.Data or PageKind.Dictionary, 2) or (PageKind.DataV2, 4):
                    Encoding = (PageEncoding)reader.ReadInt32(field);
                    break;
                case (PageKind.Data, 3):
                    DefinitionLevelEncoding = (PageEncoding)reader.ReadInt32(field);
                    break;
                case (PageKind.Data, 4):
                    RepetitionLevelEncoding = (PageEncoding)reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 5):
                    DefinitionLevelBytes = reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 6):
                    RepetitionLevelBytes = reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 7):
                    IsCompressed = CompactReader.ReadBoolean(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }
}

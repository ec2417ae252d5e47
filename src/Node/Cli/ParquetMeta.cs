using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latecomer.Parquet;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>What a Parquet file says of itself, for people and for programs.</summary>
internal static class ParquetMeta
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tables: the file, its columns, its row groups.</summary>
    public static void WriteTables(ParquetFileMetadata metadata, Printer to)
    {
        to.Remark(string.Create(CultureInfo.InvariantCulture,
            $"{metadata.RowCount} rows in {metadata.RowGroups.Count} row groups, format version {metadata.Version}, by {metadata.CreatedBy ?? "a program that does not tell"}"));
        foreach (var (key, value) in metadata.KeyValueMetadata)
        {
            to.Remark($"{key}: {value}");
        }

        to.Rows(["column", "stored as", "type", "definition", "repetition"], metadata.StoredColumns.Select(column => (IReadOnlyList<string>)
        [
            Markup.Escape(PathOf(column)), StoredAs(column), NameOf(column.Type), $"{column.MaxDefinitionLevel}", $"{column.MaxRepetitionLevel}",
        ]));
        to.Rows(["row group", "rows", "column", "codec", "encodings", "bytes", "uncompressed", "nulls", "min", "max"], Chunks(metadata).Select(c => (IReadOnlyList<string>)
        [
            $"{c.Group}", $"{metadata.RowGroups[c.Group].RowCount}", Markup.Escape(c.Chunk.Path), $"{c.Chunk.Codec}", string.Join(",", c.Chunk.Encodings), $"{c.Chunk.CompressedSize}", $"{c.Chunk.UncompressedSize}",
            $"{c.Chunk.Statistics?.NullCount}", Markup.Escape(TextOf(c.Chunk.Statistics?.Min) ?? ""), Markup.Escape(TextOf(c.Chunk.Statistics?.Max) ?? ""),
        ]));
    }

    /// <summary>Writes one JSON object with all of it.</summary>
    public static void WriteJson(ParquetFileMetadata metadata, Stream to)
    {
        using (var json = new Utf8JsonWriter(to, Indented))
        {
            json.WriteStartObject();
            json.WriteNumber("version", metadata.Version);
            json.WriteString("createdBy", metadata.CreatedBy);
            json.WriteNumber("rows", metadata.RowCount);
            json.WriteStartArray("keyValueMetadata");
            foreach (var (key, value) in metadata.KeyValueMetadata)
            {
                json.WriteStartObject();
                json.WriteString("key", key);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteColumns(json, metadata);
            WriteRowGroups(json, metadata);
            json.WriteEndObject();
        }

        to.WriteByte((byte)'\n');
    }

    private static void WriteColumns(Utf8JsonWriter json, ParquetFileMetadata metadata)
    {
        json.WriteStartArray("columns");
        foreach (var column in metadata.StoredColumns)
        {
            json.WriteStartObject();
            json.WriteString("path", PathOf(column));
            json.WriteString("storedAs", StoredAs(column));
            json.WriteString("type", NameOf(column.Type));
            json.WriteNumber("maxDefinitionLevel", column.MaxDefinitionLevel);
            json.WriteNumber("maxRepetitionLevel", column.MaxRepetitionLevel);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRowGroups(Utf8JsonWriter json, ParquetFileMetadata metadata)
    {
        json.WriteStartArray("rowGroups");
        foreach (var group in metadata.RowGroups)
        {
            json.WriteStartObject();
            json.WriteNumber("rows", group.RowCount);
            json.WriteStartArray("columns");
            foreach (var chunk in group.Columns)
            {
                WriteChunk(json, chunk);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteChunk(Utf8JsonWriter json, ColumnChunkMetadata chunk)
    {
        json.WriteStartObject();
        json.WriteString("path", chunk.Path);
        json.WriteString("codec", chunk.Codec.ToString());
        json.WriteStartArray("encodings");
        foreach (var encoding in chunk.Encodings)
        {
            json.WriteStringValue(encoding.ToString());
        }

        json.WriteEndArray();
        json.WriteNumber("values", chunk.ValueCount);
        json.WriteNumber("offset", chunk.Offset);
        json.WriteNumber("compressedBytes", chunk.CompressedSize);
        json.WriteNumber("uncompressedBytes", chunk.UncompressedSize);
        if (chunk.Statistics is { } statistics)
        {
            json.WriteStartObject("statistics");
            if (statistics.NullCount is { } nulls)
            {
                json.WriteNumber("nulls", nulls);
            }

            json.WriteString("min", TextOf(statistics.Min));
            json.WriteString("max", TextOf(statistics.Max));
            json.WriteBoolean("exact", statistics.IsExact);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(int Group, ColumnChunkMetadata Chunk)> Chunks(ParquetFileMetadata metadata) =>
        metadata.RowGroups.SelectMany((group, number) => group.Columns.Select(chunk => (number, chunk)));

    private static string PathOf(StoredColumn column) => string.Join('.', column.Path);

    private static string StoredAs(StoredColumn column) =>
        column.PhysicalType == PhysicalType.FixedLengthByteArray ? $"{column.PhysicalType}({column.FixedLength})" : $"{column.PhysicalType}";

    private static string NameOf(ColumnType type) => type switch
    {
        ColumnType.Decimal d => $"decimal({d.Precision},{d.Scale})",
        ColumnType.Timestamp t => $"timestamp({t.Unit.ToString().ToLowerInvariant()}{(t.AdjustedToUtc ? ",utc" : "")})",
        ColumnType.Time t => $"time({t.Unit.ToString().ToLowerInvariant()}{(t.AdjustedToUtc ? ",utc" : "")})",
        _ => type.GetType().Name.ToLowerInvariant(),
    };

    private static string? TextOf(ColumnValue? value) => value switch
    {
        ColumnValue.Flag flag => flag.Value ? "true" : "false",
        ColumnValue.Integer integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        ColumnValue.Unsigned integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        ColumnValue.Real real => real.Value.ToString("R", CultureInfo.InvariantCulture),
        ColumnValue.Bytes bytes => bytes.Text,
        _ => null,
    };
}

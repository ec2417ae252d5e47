using System.Globalization;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The partitions of a table as a JSON document for programs.</summary>
public static class PartitionsDocument
{
    /// <summary>Writes the document, and a line feed.</summary>
    public static void Write(PartitionListing listing, Stream to)
    {
        using (var json = new Utf8JsonWriter(to, LogJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("version", listing.Snapshot.Version);
            InspectionJson.WriteNumber(json, "fromCommit", listing.History.FromCommit);
            json.WriteStartArray("partitions");
            foreach (var (name, partition) in listing.InOrder())
            {
                json.WriteStartObject();
                Write(json, listing, name, partition);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            LogJson.WriteOptional(json, "unknownPartitionLastDataChange", listing.History.UnknownPartition?.Version);
            json.WriteEndObject();
        }

        to.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, PartitionListing listing, IReadOnlyList<KeyValuePair<string, string?>> name, PartitionValues partition)
    {
        var (summary, change) = (listing.SummaryOf(partition), listing.LastDataChangeOf(partition));
        InspectionJson.WritePartition(json, "partition", name);
        json.WriteNumber("activeFiles", summary.ActiveFiles);
        json.WriteNumber("rows", summary.Rows);
        json.WriteNumber("bytes", summary.Bytes);
        LogJson.WriteOptional(json, "filesWithoutRows", summary.FilesWithoutRows > 0 ? summary.FilesWithoutRows : null);
        InspectionJson.WriteNumber(json, "lastDataChange", change?.Version);
        LogJson.WriteOptional(json, "atOrBefore", change is null ? listing.UnknownUpTo : null);
        LogJson.WriteOptional(json, "lastDataChangeTime", change?.At?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}

using System.Globalization;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Commits as JSON lines for programs: one for each partition that a commit changed, and one without partition for a commit that changed no file.</summary>
public static class ChangeLines
{
    /// <summary>Writes the lines of a commit. Partitions are named by <paramref name="mapping"/>; null stands for one that nothing tells.</summary>
    public static void Write(Stream to, CommitChanges commit, ColumnMapping mapping)
    {
        using var json = new Utf8JsonWriter(to, LogJson.WriterOptions);
        foreach (var change in commit.Partitions)
        {
            WriteLine(to, json, commit, () =>
            {
                InspectionJson.WritePartition(json, "partition", mapping.ToLogical(change.Partition));
                ChangesJson.WriteSides(json, change);
            });
        }

        if (commit.UnknownPartition is { } unknown)
        {
            WriteLine(to, json, commit, () =>
            {
                json.WriteNull("partition");
                ChangesJson.WriteSides(json, unknown);
            });
        }

        if (commit is { Partitions.Count: 0, UnknownPartition: null })
        {
            WriteLine(to, json, commit, static () => { });
        }
    }

    private static void WriteLine(Stream to, Utf8JsonWriter json, CommitChanges commit, Action writeChange)
    {
        json.WriteStartObject();
        json.WriteNumber("version", commit.Version);
        json.WriteString("time", commit.CommitTime?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("operation", commit.CommitInfo?.Operation);
        writeChange();
        json.WriteEndObject();
        json.Flush();
        to.WriteByte((byte)'\n');
        json.Reset();
    }
}

using System.Text.Json;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Fuzz;

/// <summary>What the files of a log are.</summary>
internal static class LogFiles
{
    public static bool IsCommit(string name) => LogFile.Parse(name) is LogFile.Commit;

    /// <summary>Whether the name is of a checkpoint, or of a part of one.</summary>
    public static bool IsOfCheckpoint(string name) => LogFile.Parse(name) is LogFile.Checkpoint || name.StartsWith("_sidecars/", StringComparison.Ordinal);

    public static bool IsParquet(string name) => name.EndsWith(".parquet", StringComparison.Ordinal);

    /// <summary>Whether a file has the structure that its name promises: JSON line by line, or a footer.</summary>
    public static bool IsSound(string name, byte[] content)
    {
        if (IsParquet(name))
        {
            return ParquetInput.IsSound(content);
        }

        if (MemoryLog.IsData(name))
        {
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(content, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

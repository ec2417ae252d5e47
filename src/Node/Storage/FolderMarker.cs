using System.Text.Json;
using System.Text.Json.Serialization;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Storage;

/// <summary>The file by which a data folder says that it is latecomer's, and whose: of one process with a store in it, or of the nodes of a cluster.
/// It is written once.</summary>
internal static class FolderMarker
{
    /// <summary>Its name within <c>state/</c>.</summary>
    public const string Name = "format.json";

    /// <summary>What of a beginning that was interrupted may be left.</summary>
    public const string Unfinished = ".new";

    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Whether a folder is marked for <paramref name="use"/>; false if it is not marked at all.</summary>
    /// <exception cref="Refusal">It is marked for the other use, by a newer build, or by another program.</exception>
    public static bool IsFor(FolderUse use, string state, string folder)
    {
        var file = Path.Combine(state, Name);
        if (!File.Exists(file))
        {
            return false;
        }

        var found = Read(file, folder);
        if (found.Format > Known.Max(k => k.Format))
        {
            throw Refused($"The data folder {folder} is of a newer build (format {found.Format}; this build knows up to {Known.Max(k => k.Format)}): run that build or newer.");
        }

        return found == Of(use) ? true : throw Refused(use == FolderUse.OneProcess
            ? $"The data folder {folder} belongs to the nodes of a cluster: start this one with --store as well, or name another folder."
            : $"The data folder {folder} has a store of its own, of a node without --store: name another folder for the cluster, and move the tables there.");
    }

    /// <summary>Marks a folder. Several may do so at once.</summary>
    public static void Write(FolderUse use, string state, string folder)
    {
        if (IsFor(use, state, folder))
        {
            return;
        }

        var unfinished = Path.Combine(state, $"{Name}.{Guid.NewGuid():N}{Unfinished}");
        using (var file = File.Create(unfinished))
        {
            JsonSerializer.Serialize(file, Of(use), Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, Path.Combine(state, Name), overwrite: true);
    }

    private static Marker[] Known { get; } = [Of(FolderUse.OneProcess), Of(FolderUse.Cluster)];

    // The first builds know of no clusters: a higher format keeps them from taking a cluster's folder for one of theirs.
    private static Marker Of(FolderUse use) => use == FolderUse.OneProcess ? new Marker("latecomer", 1, Use: null) : new Marker("latecomer", 2, "cluster");

    private static Marker Read(string file, string folder)
    {
        try
        {
            var found = JsonSerializer.Deserialize<Marker>(File.ReadAllBytes(file));
            return found is { Program: "latecomer", Format: > 0 } ? found : throw new JsonException("another program's");
        }
        catch (JsonException e)
        {
            throw Refused($"{folder} is not a data folder of latecomer: its state/{Name} is not ours ({e.Message}).");
        }
    }

    private static Refusal Refused(string sentence) => new(ExitCode.FolderRefused, sentence);

    private sealed record Marker(
        [property: JsonPropertyName("program")] string Program, [property: JsonPropertyName("format")] int Format, [property: JsonPropertyName("use")] string? Use);
}

/// <summary>Who works in a data folder.</summary>
internal enum FolderUse
{
    /// <summary>One process at a time, with its store in the folder.</summary>
    OneProcess,

    /// <summary>Any number of nodes, whose store is elsewhere.</summary>
    Cluster,
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Storage;

/// <summary>
/// The data folder of a node: <c>dataset/</c> (tables and configuration files) and <c>state/</c> (the store). Guarantees while it is open
/// that no other process has it open. Nothing is written into a folder that is refused.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The format of the folder that this build writes and reads.</summary>
    public const int Format = 1;

    private const string DatasetName = "dataset";
    private const string StateName = "state";
    private const string MarkerName = "format.json";
    private const string LockName = "lock";
    private const string HolderName = "process";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>Where tables and configuration files are.</summary>
    public string Dataset => System.IO.Path.Combine(Path, DatasetName);

    /// <summary>Where the store is.</summary>
    public string State => System.IO.Path.Combine(Path, StateName);

    /// <summary>Opens a folder, making it first where there is none or an empty one.</summary>
    /// <exception cref="Refusal">It is not latecomer's, is in use, is of a newer build, or cannot be written.</exception>
    public static DataFolder Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        if (File.Exists(path))
        {
            throw Refused($"{path} is a file, not a data folder.");
        }

        var isNew = !Directory.Exists(path);
        try
        {
            RefuseOthers(path);
            return Make(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            if (isNew)
            {
                Remove(path);
            }

            throw new Refusal(ExitCode.Failed, $"The data folder {path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static DataFolder Make(string path)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(path, StateName));
        var heldLock = Lock(path);
        try
        {
            Mark(path);
            Directory.CreateDirectory(System.IO.Path.Combine(path, DatasetName));
            return new DataFolder(path, heldLock);
        }
        catch
        {
            heldLock.Dispose();
            throw;
        }
    }

    /// <summary>Takes back a folder that could not be made whole. What cannot be removed either is not worth a second sentence.</summary>
    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            Debug.WriteLine(e.Message);
        }
    }

    /// <summary>A folder without our marker is ours only if all that it holds is a dataset, or a beginning of our own that was interrupted.</summary>
    private static void RefuseOthers(string path)
    {
        var state = System.IO.Path.Combine(path, StateName);
        var marker = System.IO.Path.Combine(state, MarkerName);
        if (File.Exists(marker))
        {
            RefuseNewer(marker, path);
            return;
        }

        if (!Directory.Exists(path))
        {
            return;
        }

        var strangers = Directory.EnumerateFileSystemEntries(path).Where(e => System.IO.Path.GetFileName(e) is not (DatasetName or StateName))
            .Concat(Directory.Exists(state) ? Directory.EnumerateFileSystemEntries(state).Where(e => System.IO.Path.GetFileName(e) is not (LockName or HolderName or (MarkerName + ".new"))) : []);
        if (strangers.FirstOrDefault() is { } stranger)
        {
            throw Refused($"{path} is not a data folder of latecomer: it holds {System.IO.Path.GetRelativePath(path, stranger)} and no {StateName}/{MarkerName}. Name an empty or a new folder.");
        }
    }

    private static FileStream Lock(string path)
    {
        var heldLock = TakeLock(path);
        try
        {
            // Beside the lock, because a locked file cannot be read by others.
            File.WriteAllText(System.IO.Path.Combine(path, StateName, HolderName), $"{Environment.ProcessId}\n");
            return heldLock;
        }
        catch
        {
            heldLock.Dispose();
            throw;
        }
    }

    private static FileStream TakeLock(string path)
    {
        var file = System.IO.Path.Combine(path, StateName, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (IsHeld(file))
        {
            throw Refused($"The data folder {path} is in use by another latecomer{Holder(path)}: stop it first, or name another folder.");
        }
    }

    private static bool IsHeld(string file)
    {
        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string Holder(string path)
    {
        var file = System.IO.Path.Combine(path, StateName, HolderName);
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var process) ? $" (process {process})" : "";
    }

    private static void Mark(string path)
    {
        var marker = System.IO.Path.Combine(path, StateName, MarkerName);
        if (File.Exists(marker))
        {
            return;
        }

        using (var file = File.Create(marker + ".new"))
        {
            JsonSerializer.Serialize(file, new Marker("latecomer", Format));
            file.Flush(flushToDisk: true);
        }

        File.Move(marker + ".new", marker, overwrite: true);
    }

    private static void RefuseNewer(string marker, string path)
    {
        var found = Read(marker, path);
        if (found.Format > Format)
        {
            throw Refused($"The data folder {path} is of a newer build (format {found.Format}; this build knows up to {Format}): run that build or newer.");
        }
    }

    private static Marker Read(string marker, string path)
    {
        try
        {
            var found = JsonSerializer.Deserialize<Marker>(File.ReadAllBytes(marker));
            return found is { Program: "latecomer", Format: > 0 } ? found : throw new JsonException("another program's");
        }
        catch (JsonException e)
        {
            throw Refused($"{path} is not a data folder of latecomer: its {StateName}/{MarkerName} is not ours ({e.Message}).");
        }
    }

    private static Refusal Refused(string sentence) => new(ExitCode.FolderRefused, sentence);

    private sealed record Marker([property: JsonPropertyName("program")] string Program, [property: JsonPropertyName("format")] int Format);
}

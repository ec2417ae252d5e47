using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Latecomer.Node.Storage;

/// <summary>A file that a process holds locked for as long as it lives, however it ends. Beside it lies the process's id, because others cannot read a locked file.</summary>
internal static class ProcessLock
{
    /// <summary>Its name within its folder.</summary>
    public const string Name = "lock";

    /// <summary>The name of the file with the holder's id.</summary>
    public const string HolderName = "process";

    /// <summary>Takes the lock of a folder for this process alone.</summary>
    /// <returns>False if another process has it, alone or with others.</returns>
    public static bool TryTake(string folder, [NotNullWhen(true)] out FileStream? held)
    {
        if (!TryOpen(folder, FileAccess.ReadWrite, FileShare.None, out held))
        {
            return false;
        }

        try
        {
            File.WriteAllText(Path.Combine(folder, HolderName), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            return true;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock of a folder together with others that do so.</summary>
    /// <returns>False if a process has it alone.</returns>
    public static bool TryShare(string folder, [NotNullWhen(true)] out FileStream? held) => TryOpen(folder, FileAccess.Read, FileShare.Read, out held);

    /// <summary>Who holds the lock of a folder alone, for people; empty if that is not known.</summary>
    public static string Holder(string folder)
    {
        var file = Path.Combine(folder, HolderName);
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
    }

    private static bool TryOpen(string folder, FileAccess access, FileShare share, [NotNullWhen(true)] out FileStream? held)
    {
        var file = Path.Combine(folder, Name);
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, access, share);
            return true;
        }
        catch (IOException) when (IsHeld(file, access))
        {
            held = null;
            return false;
        }
    }

    private static bool IsHeld(string file, FileAccess wanted)
    {
        try
        {
            using var probe = new FileStream(file, FileMode.Open, wanted, wanted == FileAccess.Read ? FileShare.Read : FileShare.None);
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
}

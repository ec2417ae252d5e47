using System.Runtime.InteropServices;

namespace Latecomer.DeltaLog;

/// <summary>What a durable, atomic file needs from the operating system and .NET does not offer.</summary>
internal static partial class LocalFiles
{
    private const int FileExists = 17;

    /// <summary>Creates a folder and its parents so that they survive a power cut.</summary>
    internal static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            SyncFolder(parent);
        }
    }

    /// <summary>Creates a file that must not exist, with its content on the disk when this returns.</summary>
    internal static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file a second name; false when that name exists.</summary>
    internal static bool LinkIfAbsent(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return MoveIfAbsent(existing, name);
        }

        if (Link(existing, name) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"cannot create {name}: {Marshal.GetPInvokeErrorMessage(error)} (the file system must support hard links)");
    }

    /// <summary>Makes the names in a folder durable. Windows does that by itself.</summary>
    internal static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open folder {folder}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"cannot sync folder {folder}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static bool MoveIfAbsent(string existing, string name)
    {
        try
        {
            File.Move(existing, name, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

using System.Runtime.InteropServices;

namespace Latecomer.DeltaLog;

/// <summary>Files and folders of a local disk that are on it when it is said that they are: what .NET does not offer of that.</summary>
public static partial class DurableFiles
{
    private const int FileExists = 17;

    /// <summary>Creates a folder and its parents so that they survive a power cut.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static void CreateFolder(string folder)
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

    /// <summary>Creates a file; false when it exists already. Its content is on the disk then, its name once the folder is synced.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }

        using (file)
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
            return true;
        }
    }

    /// <summary>Gives a file a second name; false when that name exists.</summary>
    public static bool LinkIfAbsent(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return MoveIfAbsent(existing, name);
        }

        if (Link(existing, name) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == FileExists ? false : throw Failed(name, "created as a hard link, which its file system must support");
    }

    /// <summary>Makes the names in a folder durable. Windows does that by itself.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw Failed(folder, "opened");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw Failed(folder, "synced");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string path, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{path} could not be {what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
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

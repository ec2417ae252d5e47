using System.Runtime.InteropServices;

namespace Latecomer.Activities;

/// <summary>What this process may do with files, asked of the system without trying it.</summary>
internal static partial class Permissions
{
    private const int Execute = 1;
    private const int Write = 2;

    /// <summary>Whether a file may be executed.</summary>
    internal static bool MayExecute(string file) => File.Exists(file) && (OperatingSystem.IsWindows() || Access(file, Execute) == 0);

    /// <summary>Whether files may be made in a folder.</summary>
    internal static bool MayWriteIn(string folder) => Directory.Exists(folder) && (OperatingSystem.IsWindows() || Access(folder, Write | Execute) == 0);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}

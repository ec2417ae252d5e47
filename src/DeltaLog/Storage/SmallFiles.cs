using System.Runtime.InteropServices;

namespace Latecomer.DeltaLog;

/// <summary>Reads small files with as few system calls as there can be. A log is made of them, and the framework asks each for its status, locks it and unlocks
/// it, which takes longer than reading it.</summary>
internal static partial class SmallFiles
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int LargestBytes = 16 * 1024;

    /// <summary>Reads a whole file; null where this is not the way, because it is large, not there, or the system is another one: then the framework's way tells.</summary>
    internal static RentedBytes? TryRead(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var descriptor = Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        var content = new RentedBytes(LargestBytes);
        try
        {
            var length = (int)Read(descriptor, content.Memory.Span, LargestBytes);
            if (length is >= 0 and < LargestBytes)
            {
                // A regular file gives less than was asked for only at its end.
                return content.Shortened(length);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }

        content.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

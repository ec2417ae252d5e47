using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Latecomer.Activities;

/// <summary>What a command prints: a file that both of its streams are appended to, for people to look at while it runs. The space that it takes stays bounded:
/// what lies long before its end is given back to the file system, without a moment in which a line could be lost.</summary>
internal sealed partial class CommandOutput(string file)
{
    private const int KeepSize = 1;
    private const int PunchHole = 2;
    private const long LongestFile = 8 << 20;
    private const int KeptBytes = 64 << 10;
    private const int NoteLines = 20;
    private const int NoteLength = 2000;

    /// <summary>Gives space back if the file has grown long. A file system that cannot do that keeps it all.</summary>
    internal void Bound()
    {
        if (new FileInfo(file) is { Exists: true, Length: > LongestFile and var length })
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            _ = Allocate(handle, KeepSize | PunchHole, 0, length - KeptBytes);
        }
    }

    /// <summary>The last lines, for a note; empty if nothing was printed.</summary>
    internal string LastLines()
    {
        if (!File.Exists(file))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(Tail());
        var printable = string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c));
        var lines = printable.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var note = string.Join('\n', lines.TakeLast(NoteLines));
        return note.Length <= NoteLength ? note : string.Concat("...", note.AsSpan(note.Length - NoteLength));
    }

    private byte[] Tail()
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(0, stream.Length - KeptBytes);
        var bytes = new byte[KeptBytes];
        return bytes[..stream.ReadAtLeast(bytes, KeptBytes, throwOnEndOfStream: false)];
    }

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}

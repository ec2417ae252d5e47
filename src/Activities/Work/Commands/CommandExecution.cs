using System.Globalization;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>One execution of a command, by the files in its folder (see <see cref="CommandWrapper"/>). Each file is made once and never changes.</summary>
internal sealed class CommandExecution(string folder)
{
    /// <summary>The folder.</summary>
    internal string Folder => folder;

    /// <summary>Where what the command prints goes.</summary>
    internal string Output => In("output");

    /// <summary>Whether it has begun, or never will because it was stopped before.</summary>
    internal bool IsClaimed => File.Exists(In("process"));

    /// <summary>The process that leads its session; null if it has not begun or never will.</summary>
    internal ProcessRecord? Process => TryRead("process") is { } text ? ProcessRecord.TryParse(text) : null;

    /// <summary>How the command ended by itself; null if it has not.</summary>
    internal int? ExitCode => TryRead("exit") is { } text && int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>Whether it is to be stopped, and never to be taken up again.</summary>
    internal bool IsStopping => File.Exists(In("stopping"));

    /// <summary>Whether it was stopped, and all of it has ended.</summary>
    internal bool IsStopped => File.Exists(In("stopped"));

    /// <summary>Sees to it that it does not begin any more, if it has not, and that nobody takes it up.</summary>
    internal void MarkStopping()
    {
        Mark("stopping");
        Mark("process");
    }

    /// <summary>Makes what was read of it durable.</summary>
    internal void Keep() => DurableFiles.SyncFolder(folder);

    /// <summary>Says that all of it has ended.</summary>
    internal void MarkStopped() => Mark("stopped");

    private void Mark(string name)
    {
        if (DurableFiles.TryCreate(In(name), []))
        {
            DurableFiles.SyncFolder(folder);
        }
    }

    private string? TryRead(string name)
    {
        try
        {
            return File.ReadAllText(In(name));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string In(string name) => Path.Combine(folder, name);
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Latecomer.Activities;

/// <summary>The processes of this machine, by proc(5).</summary>
public static partial class ProcessTable
{
    /// <summary>The signal that asks a process to end.</summary>
    public const int Terminate = 15;

    /// <summary>The signal that ends a process without a word.</summary>
    public const int Kill = 9;

    /// <summary>The signal that stops a process until it is told to go on.</summary>
    public const int Pause = 19;

    /// <summary>The signal that lets a stopped process go on.</summary>
    public const int Resume = 18;

    /// <summary>The signal of Ctrl-C.</summary>
    public const int Interrupt = 2;

    /// <summary>The signal that ends a process at once, but by its own doing.</summary>
    public const int Quit = 3;

    // Fields of /proc/PID/stat, counted from the state, which follows the name in parentheses.
    private const int StateField = 0;
    private const int SessionField = 3;
    private const int StartTimeField = 19;

    /// <summary>Whether a process runs; one that has ended and was not waited for does not.</summary>
    public static bool IsAlive(ProcessRecord process) =>
        process.Boot == Boot() && TryRead(process.Id) is { IsDead: false } found && found.StartTime == process.StartTime;

    /// <summary>Whether a process is stopped until it is told to go on.</summary>
    public static bool IsPaused(ProcessRecord process) =>
        process.Boot == Boot() && TryRead(process.Id) is { IsPaused: true } found && found.StartTime == process.StartTime;

    /// <summary>The process that has an id now; null if none runs.</summary>
    public static ProcessRecord? Find(int process) =>
        process > 1 && TryRead(process) is { IsDead: false } found ? new ProcessRecord(process, found.StartTime, Boot()) : null;

    /// <summary>The processes that run in the session of a process, itself included, whether it still runs or not.</summary>
    /// <param name="leader">The session's leader.</param>
    /// <param name="mark">An entry of the environment that all of them inherited: without the leader it tells them from a later session of the same id.</param>
    internal static IReadOnlyList<int> SessionOf(ProcessRecord leader, string mark)
    {
        if (leader.Boot != Boot())
        {
            return [];
        }

        var first = TryRead(leader.Id);
        if (first is not null && first.StartTime != leader.StartTime)
        {
            // An id is not given again while a session has it: nobody of ours is left.
            return [];
        }

        return [.. All().Where(id => TryRead(id) is { IsDead: false } found
            && found.Session == leader.Id
            && found.StartTime >= leader.StartTime
            && (first is not null || HasMark(id, mark)))];
    }

    /// <summary>Sends a signal; nothing happens if the process has ended.</summary>
    public static void Signal(int process, int signal) => _ = Send(process, signal);

    private static string Boot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static ProcessStat? TryRead(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(
                fields[StateField] is "Z" or "X" or "x",
                fields[StateField] is "T",
                int.Parse(fields[SessionField], CultureInfo.InvariantCulture),
                long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasMark(int process, string mark)
    {
        try
        {
            // One that is just being replaced by another program has none for a moment.
            var environment = File.ReadAllBytes($"/proc/{process}/environ");
            return environment.Length == 0 || Encoding.UTF8.GetString(environment).Split('\0').Contains(mark, StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);

    private sealed record ProcessStat(bool IsDead, bool IsPaused, int Session, long StartTime);
}

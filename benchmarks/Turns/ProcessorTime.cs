using System.Globalization;

namespace Latecomer.Benchmarks.Turns;

/// <summary>Processor time of a PostgreSQL and all that it has started: of those that ended the server keeps the sum.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds so far; NaN where there is no /proc.</summary>
    public static double OfServer(int postmaster)
    {
        if (!Directory.Exists("/proc/self"))
        {
            return double.NaN;
        }

        var ticks = Ticks(postmaster, ended: true);
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            if (Stat(folder) is { } stat && stat[1] == postmaster.ToString(CultureInfo.InvariantCulture))
            {
                ticks += Sum(stat, ended: false);
            }
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>Seconds of the processes that this one has started and that ended.</summary>
    public static double OfEndedChildren() => Stat("/proc/self") is { } stat
        ? stat.Skip(13).Take(2).Sum(t => double.Parse(t, CultureInfo.InvariantCulture)) / TicksPerSecond
        : double.NaN;

    /// <summary>Seconds of one process.</summary>
    public static double Of(int process) => Ticks(process, ended: false) / TicksPerSecond;

    private static double Ticks(int process, bool ended) => Stat($"/proc/{process}") is { } stat ? Sum(stat, ended) : 0;

    /// <summary>What /proc/PID/stat says from the state on: field 3 is first.</summary>
    private static string[]? Stat(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>utime and stime, and those of children that ended.</summary>
    private static double Sum(string[] stat, bool ended) =>
        stat.Skip(11).Take(ended ? 4 : 2).Sum(t => double.Parse(t, CultureInfo.InvariantCulture));
}

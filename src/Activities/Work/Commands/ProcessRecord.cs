using System.Globalization;

namespace Latecomer.Activities;

/// <summary>Names a process so that no other one, later or after a reboot, is taken for it.</summary>
/// <param name="Id">Its id; also that of the session that it leads.</param>
/// <param name="StartTime">When it started, in the kernel's ticks since the boot.</param>
/// <param name="Boot">The boot's id.</param>
public sealed record ProcessRecord(int Id, long StartTime, string Boot)
{
    /// <summary>Reads what the wrapper wrote; null for anything else.</summary>
    internal static ProcessRecord? TryParse(string text) =>
        text.Split(' ', StringSplitOptions.TrimEntries) is [var id, var start, { Length: > 0 } boot]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && processId > 1
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var startTime)
            ? new ProcessRecord(processId, startTime, boot)
            : null;
}

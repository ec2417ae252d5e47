using Latecomer.Activities;

namespace Latecomer.Node.LocalCluster;

/// <summary>Ends processes that were noted, and no others.</summary>
internal static class Ending
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends a signal if it still is that process; whether it was.</summary>
    public static bool Signal(ProcessRecord? process, int signal)
    {
        if (process is null || !ProcessTable.IsAlive(process))
        {
            return false;
        }

        ProcessTable.Signal(process.Id, signal);
        return true;
    }

    /// <summary>Asks a process to end by one signal after the other, each time waiting for a while, and kills it in the end.</summary>
    /// <returns>Whether it ran.</returns>
    public static async Task<bool> End(ProcessRecord? process, params (int Signal, TimeSpan Wait)[] steps)
    {
        if (process is null || !ProcessTable.IsAlive(process))
        {
            return false;
        }

        foreach (var (signal, wait) in steps)
        {
            if (Signal(process, signal) && await HasEnded(process, wait))
            {
                return true;
            }
        }

        Signal(process, ProcessTable.Kill);
        await HasEnded(process, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Waits for the end of a process.</summary>
    public static Task<bool> HasEnded(ProcessRecord process, TimeSpan wait) => Becomes(() => !ProcessTable.IsAlive(process), wait);

    /// <summary>Waits until something is true.</summary>
    public static async Task<bool> Becomes(Func<bool> isTrue, TimeSpan wait, CancellationToken cancellation = default)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            if (wait != Timeout.InfiniteTimeSpan && TimeProvider.System.GetElapsedTime(since) > wait)
            {
                return false;
            }

            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }

        return true;
    }
}

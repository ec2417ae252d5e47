namespace Latecomer.Tests.Fuzz;

/// <summary>How much memory an action holds at a time, garbage left out: another thread collects it and measures what is left, as often as it can.</summary>
internal static class PeakMemory
{
    public static long Of(Action action)
    {
        // What pools keep from before counts as taken anew.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = before;
        using var done = new ManualResetEventSlim();
        var meter = new Thread(() =>
        {
            do
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            }
            while (!done.Wait(TimeSpan.Zero));
        });
        meter.Start();
        action();
        done.Set();
        meter.Join();
        return peak - before;
    }
}

namespace Latecomer.Activities;

/// <summary>Removes what commands left in the state folder, once nobody can ask for it any more: an activity that was begun so long ago has ended, and its
/// result is durable, or it touched its folder since.</summary>
internal sealed class AbandonedWork(string workFolder, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    // A node that was down for longer than that takes up its activities first.
    private long _sweptAt = time.GetTimestamp();

    internal void Sweep()
    {
        var before = Interlocked.Read(ref _sweptAt);
        if (time.GetElapsedTime(before) < SweepEvery || Interlocked.CompareExchange(ref _sweptAt, time.GetTimestamp(), before) != before || !Directory.Exists(workFolder))
        {
            return;
        }

        var limit = (time.GetUtcNow() - KeptFor).UtcDateTime;
        foreach (var folder in Directory.EnumerateDirectories(workFolder).Where(folder => Directory.GetLastWriteTimeUtc(folder) < limit))
        {
            try
            {
                if (!IsRunning(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (IOException)
            {
                // It may go away an hour later, or another node removes it just now; the work that is about to run has nothing to do with it.
            }
        }
    }

    private static bool IsRunning(string folder) => Directory.EnumerateDirectories(folder)
        .Any(execution => new CommandExecution(execution).Process is { } process && ProcessTable.IsAlive(process));
}

namespace Latecomer.Runtime.Postgres;

/// <summary>What this process knows of the store's clock, which is the database's: the newest time that it was told. Every statement that needs
/// the time hands it over, and gets none before it.</summary>
/// <param name="time">A clock of a test's own, in a database whose <c>latecomer.clock</c> was replaced to follow it; else null.</param>
internal sealed class StoreClock(TimeProvider? time)
{
    private long _known;

    /// <summary>UTC ticks; the parameter of <c>latecomer.clock</c>.</summary>
    public long Known => time is null ? Interlocked.Read(ref _known) : Saw(time.GetUtcNow().UtcTicks).UtcTicks;

    /// <summary>Remembers a time that the database told.</summary>
    /// <returns>It, or a newer one that was told meanwhile.</returns>
    public DateTimeOffset Saw(long ticks)
    {
        var known = Interlocked.Read(ref _known);
        while (ticks > known)
        {
            var before = Interlocked.CompareExchange(ref _known, ticks, known);
            if (before == known)
            {
                known = ticks;
            }
            else
            {
                known = before;
            }
        }

        return new DateTimeOffset(known, TimeSpan.Zero);
    }
}

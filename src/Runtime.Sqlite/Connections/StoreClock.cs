namespace Latecomer.Runtime.Sqlite;

/// <summary>The store's clock: the process's, but never behind what it said before, in this process or in the last.</summary>
internal sealed class StoreClock(TimeProvider time, DateTimeOffset last)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _last = last;

    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            return _last = now > _last ? now : _last;
        }
    }
}

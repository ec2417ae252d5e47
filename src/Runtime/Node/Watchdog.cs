namespace Latecomer.Runtime;

/// <summary>Ends a life that could not renew in time, whatever its loops wait for: it has a timer of its own.</summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly Membership _membership;
    private readonly Action _bark;
    private readonly ITimer _timer;

    public Watchdog(Membership membership, TimeProvider time, Action bark)
    {
        _membership = membership;
        _bark = bark;
        _timer = time.CreateTimer(static dog => ((Watchdog)dog!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        var remaining = _membership.Remaining;
        if (remaining > TimeSpan.Zero)
        {
            // It looks again when that time is over; renewals in between are seen then.
            _timer.Change(remaining, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _bark();
        }
    }
}

namespace Latecomer.Runtime;

/// <summary>One life of a node among the others. Knows, by the process's own monotonic clock, until when the node may believe itself
/// alive: measured from before each renewal was sent, so always earlier than the store lets others think it dead.</summary>
public sealed class Membership(NodeServices services)
{
    private readonly IMembershipStore _store = services.Store.Membership;
    private readonly Incarnation _self = services.Self.Incarnation;
    private long _renewedAt;
    private volatile bool _joined;

    /// <summary>How much longer it may act without renewing; zero or less: it must stop everything at once.</summary>
    public TimeSpan Remaining => _joined
        ? services.Settings.Lifetime - services.Settings.WatchdogMargin - services.Time.GetElapsedTime(Interlocked.Read(ref _renewedAt))
        : TimeSpan.Zero;

    /// <summary>Begins its life. False if a live node has its name.</summary>
    public async ValueTask<bool> Join(CancellationToken cancellation)
    {
        var sent = services.Time.GetTimestamp();
        if (!await _store.Join(services.Self, services.Settings.Lifetime, cancellation))
        {
            return false;
        }

        Interlocked.Exchange(ref _renewedAt, sent);
        _joined = true;
        services.Hints.Publish(new Hint.PlacementChanged());
        return true;
    }

    /// <summary>Prolongs its life. False if it has expired, which is for good.</summary>
    public async ValueTask<bool> Renew(CancellationToken cancellation)
    {
        var sent = services.Time.GetTimestamp();
        if (!await _store.Renew(_self, services.Settings.Lifetime, cancellation))
        {
            _joined = false;
            return false;
        }

        Interlocked.Exchange(ref _renewedAt, sent);
        return true;
    }

    /// <summary>Says that it hands over and takes no more.</summary>
    public ValueTask Drain(CancellationToken cancellation) => _store.Drain(_self, cancellation);

    /// <summary>Ends its life.</summary>
    public async ValueTask Leave(CancellationToken cancellation)
    {
        await _store.Leave(_self, cancellation);
        _joined = false;
        services.Hints.Publish(new Hint.PlacementChanged());
    }
}

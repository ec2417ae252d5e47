using System.Threading.RateLimiting;

namespace Latecomer.Node.Access;

/// <summary>How often each caller may call: so many times a second, and as many more at once after a second's silence. Calls beyond are refused, not queued.</summary>
internal sealed class CallLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _limiter;

    /// <summary>The limits for so many calls a second; null for none.</summary>
    public CallLimits(int? perSecond) => _limiter = perSecond is { } rate
        ? PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * rate,
            TokensPerPeriod = Math.Max(1, rate / 10),
            ReplenishmentPeriod = rate >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1.0 / rate),
            QueueLimit = 0,
            AutoReplenishment = true,
        }))
        : null;

    /// <summary>Counts a call of a caller; null if it may go on, else how long it should wait.</summary>
    public TimeSpan? Count(string caller)
    {
        using var lease = _limiter?.AttemptAcquire(caller);
        return lease is not { IsAcquired: false } ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter?.Dispose();
}

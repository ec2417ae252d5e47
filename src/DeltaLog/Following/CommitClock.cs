namespace Latecomer.DeltaLog;

/// <summary>Times of the log.</summary>
internal static class CommitClock
{
    /// <summary>A time in milliseconds since the epoch; null when no calendar has it, for a log may hold any number.</summary>
    internal static DateTimeOffset? FromMilliseconds(long milliseconds)
    {
        var first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
        var last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return milliseconds >= first && milliseconds <= last ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }
}

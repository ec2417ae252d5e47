using Latecomer.Contracts;

namespace Latecomer.Node.Grpc;

/// <summary>A stretch of a projection's keys. Keys of a pipeline go by date, so what lies outside of two dates is not read.</summary>
/// <param name="Prefix">What all begin with.</param>
/// <param name="After">All are above this; null for no bound.</param>
/// <param name="End">None is above this; null for no bound.</param>
internal sealed record KeyRange(string Prefix, string? After, string? End)
{
    /// <summary>Above every character of a key.</summary>
    private const char Last = '~';

    /// <summary>The keys of a pipeline's dates, from one to another, both included; an empty text is no bound.</summary>
    /// <exception cref="FormatException">A date is none.</exception>
    public static KeyRange Of(PipelineName pipeline, string fromDate, string toDate)
    {
        var prefix = $"{pipeline}/";
        var from = fromDate.Length > 0 ? LogicalDate.Parse(fromDate).Start : DateTimeOffset.MinValue;
        return new KeyRange(
            prefix,
            from > DateTimeOffset.MinValue ? $"{prefix}{new LogicalDate(from.AddSeconds(-1))}{Last}" : null,
            toDate.Length > 0 ? $"{prefix}{LogicalDate.Parse(toDate)}{Last}" : null);
    }

    /// <summary>Whether a key that begins with the prefix and is above <see cref="After"/> is in the range.</summary>
    public bool Contains(string key) => End is null || string.CompareOrdinal(key, End) <= 0;
}

namespace Latecomer.Node.Cli;

/// <summary>Execution dates as people read them.</summary>
internal static class DateText
{
    private const string Midnight = "T00:00:00Z";

    /// <summary>The day alone, where that is the whole date.</summary>
    public static string Short(string logicalDate) =>
        logicalDate.EndsWith(Midnight, StringComparison.Ordinal) ? logicalDate[..^Midnight.Length] : logicalDate;
}

using System.Globalization;

namespace Latecomer.Contracts;

/// <summary>A table that a pipeline reads, and which of its partitions a run of a date reads.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The partition column that holds the date.</param>
/// <param name="Format">How the column writes a date: a .NET date format such as <c>yyyy-MM-dd</c>.</param>
/// <param name="From">The first partition that a run reads, in intervals from its own date: -6 for a seven-day rollup.</param>
/// <param name="To">The last one: 0 for its own date. A change in partition <c>p</c> affects the dates from <c>p - To</c> to <c>p - From</c>.</param>
public sealed record PipelineInput(TablePath Table, string Column, string Format, int From, int To)
{
    // How partition values of a timestamp are written (PROTOCOL.md of Delta, "Partition Value Serialization").
    private static readonly string[] TimestampForms = ["yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    /// <summary>The column's value for a date.</summary>
    public string ValueOf(LogicalDate date) => date.Start.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The date of a column's value; null if the value is null or is no date of the format. Where the format has a time, every way in which Delta
    /// writes a timestamp is one: writers differ, and the partition is the same.</summary>
    public LogicalDate? DateOf(string? value) =>
        (TryParse(value, [Format]) ?? (Format.Contains("HH:mm", StringComparison.Ordinal) ? TryParse(value, TimestampForms) : null)) is { } at
        && at.UtcTicks % TimeSpan.TicksPerSecond == 0
            ? new LogicalDate(at)
            : null;

    /// <summary>The partition as the log and the configuration files write it: <c>column=value</c>.</summary>
    public string PartitionOf(LogicalDate date) => $"{Column}={ValueOf(date)}";

    private static DateTimeOffset? TryParse(string? value, string[] forms) =>
        DateTimeOffset.TryParseExact(value, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}

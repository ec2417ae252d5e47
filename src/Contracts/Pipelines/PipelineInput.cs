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
    /// <summary>The column's value for a date.</summary>
    public string ValueOf(LogicalDate date) => date.Start.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The date of a column's value; null if the value is null or is no date of the format.</summary>
    public LogicalDate? DateOf(string? value) =>
        DateTimeOffset.TryParseExact(value, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        && at.UtcTicks % TimeSpan.TicksPerSecond == 0
            ? new LogicalDate(at)
            : null;

    /// <summary>The partition as the log and the configuration files write it: <c>column=value</c>.</summary>
    public string PartitionOf(LogicalDate date) => $"{Column}={ValueOf(date)}";
}

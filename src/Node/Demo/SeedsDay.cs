using Latecomer.Contracts;
using Latecomer.Node.Devices;

namespace Latecomer.Node.Demo;

/// <summary>The data of the seed's day: a week of devices, and then two of its days once more.</summary>
internal static class SeedsDay
{
    /// <summary>The pipeline.</summary>
    public const string Pipeline = "devices_loader";

    /// <summary>The input table.</summary>
    public const string Input = "devices";

    /// <summary>The output table.</summary>
    public const string Output = "devices_summary";

    /// <summary>The task that is cleared.</summary>
    public const string Mark = "mark_partition_as_processing";

    /// <summary>The dates that the pipeline runs for.</summary>
    public static IReadOnlyList<string> Dates { get; } = [.. Enumerable.Range(1, 5).Select(day => $"2024-01-{day:D2}")];

    /// <summary>All loads, in the order of the table's versions.</summary>
    public static IReadOnlyList<Load> Loads { get; } =
    [
        .. Enumerable.Range(1, 7).Select(day => new Load(day, $"2024-01-{day:D2}", IsLate: false)),
        new Load(8, "2024-01-02", IsLate: true),
        new Load(9, "2024-01-03", IsLate: true),
    ];

    /// <summary>The table's version before the late data.</summary>
    public static long VersionBefore => Loads.Count(l => !l.IsLate) - 1;

    /// <summary>The table's version with the late data.</summary>
    public static long VersionAfter => Loads.Count - 1;

    /// <summary>How many rows a date holds at a version of the table.</summary>
    public static int RowsOf(string date, long version) => Loads.Take((int)version + 1).Count(l => l.Date == date) * GenerateCommand.DefaultRows;

    /// <summary>One commit of the input.</summary>
    /// <param name="Number">From 1, in order; also the seed of its rows, and the version of its <c>txn</c>.</param>
    /// <param name="Date">The day that gets the rows.</param>
    /// <param name="IsLate">Whether the day was processed before.</param>
    internal sealed record Load(int Number, string Date, bool IsLate)
    {
        /// <summary>The date, parsed.</summary>
        public LogicalDate Day => LogicalDate.Parse(Date);

        /// <summary>The name of the file that holds its rows as JSON lines.</summary>
        public string FileName => $"devices-{Date}{(IsLate ? "-late" : "")}.jsonl";

        /// <summary>Its rows.</summary>
        public IReadOnlyList<Device> Rows => DeviceGenerator.Generate(GenerateCommand.DefaultRows, Number, lateShare: 0).OnTime;
    }
}

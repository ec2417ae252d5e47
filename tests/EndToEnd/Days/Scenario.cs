namespace Latecomer.Tests.EndToEnd.Days;

/// <summary>A row of the design's table: what is cleared after the late data came, and what must come of it.</summary>
internal sealed record Scenario(
    string Name, IReadOnlyList<Cleared> Clears, int Affected, IReadOnlyList<string> ClearedDates, IReadOnlyDictionary<string, string[]> Files, int DataCommits)
{
    /// <summary>The dates of the schedule.</summary>
    public static readonly IReadOnlyList<string> Dates = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];

    /// <summary>The dates whose data comes twice.</summary>
    public static readonly IReadOnlyList<string> LateDates = ["2024-01-02", "2024-01-03"];

    public static readonly Scenario Clear03 = new(
        "clear-03", [new("2024-01-03", "--future")], 21, ["2024-01-03", "2024-01-04", "2024-01-05"], Collected("2024-01-03", "2024-01-02"), 9);

    public static readonly Scenario Clear0405 = new(
        "clear-04-05", [new("2024-01-04"), new("2024-01-05")], 14, ["2024-01-04", "2024-01-05"], Collected("2024-01-04", "2024-01-02", "2024-01-03"), 9);

    public static readonly Scenario ClearPast03 = new(
        "clear-past-03", [new("2024-01-03", "--past")], 21, ["2024-01-01", "2024-01-02", "2024-01-03"], Collected("2024-01-03"), 8);

    public static readonly IReadOnlyList<Scenario> All = [Clear03, Clear0405, ClearPast03];

    /// <summary>The dates that are run once more as backfills, with the date whose run asked for it.</summary>
    public IReadOnlyList<(string Date, string From)> Backfills => [.. Files.SelectMany(file => file.Value.Select(date => (date, file.Key)))];

    public static Scenario Named(string name) => All.Single(s => s.Name == name);

    public override string ToString() => Name;

    private static Dictionary<string, string[]> Collected(string by, params string[] dates) =>
        Dates.ToDictionary(date => date, date => date == by ? dates : [], StringComparer.Ordinal);
}

/// <summary>A mark that is cleared with all that follows it in its run, and in which other runs.</summary>
internal sealed record Cleared(string Date, params string[] Switches)
{
    /// <summary>The arguments of <c>latecomer runs clear devices_loader</c>.</summary>
    public IReadOnlyList<string> Arguments => [Date, "--task", SeedsDay.Mark, "--downstream", "--yes", .. Switches];
}

using Latecomer.Node.Cli;

namespace Latecomer.Node.Demo;

/// <summary>What the demo clears after the late data has come, and what must come of it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Says">What it clears, for people.</param>
/// <param name="Clears">The marks that it clears, each with all that follows in its run.</param>
/// <param name="Affected">How many task instances that affects.</param>
/// <param name="Backfills">How often each date is backfilled; dates that are not named, never.</param>
/// <param name="Files">What the configuration file of each cleared date lists.</param>
/// <param name="DataCommits">How many commits change data of the output: one per run that succeeded.</param>
internal sealed record Scenario(
    string Name,
    string Says,
    IReadOnlyList<Scenario.Cleared> Clears,
    int Affected,
    IReadOnlyDictionary<string, int> Backfills,
    IReadOnlyDictionary<string, string[]> Files,
    int DataCommits)
{
    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new(
            "clear-03",
            "the mark of 2024-01-03, with Future and Downstream",
            [new Cleared("2024-01-03", Past: false, Future: true)],
            21,
            Counts("2024-01-02"),
            Lists(("2024-01-03", ["2024-01-02"]), ("2024-01-04", []), ("2024-01-05", [])),
            9),
        new(
            "clear-04-05",
            "the marks of 2024-01-04 and 2024-01-05, with Downstream",
            [new Cleared("2024-01-04", Past: false, Future: false), new Cleared("2024-01-05", Past: false, Future: false)],
            14,
            Counts("2024-01-02", "2024-01-03"),
            Lists(("2024-01-04", ["2024-01-02", "2024-01-03"]), ("2024-01-05", [])),
            9),
        new(
            "clear-past-03",
            "the mark of 2024-01-03, with Past and Downstream",
            [new Cleared("2024-01-03", Past: true, Future: false)],
            21,
            Counts(),
            Lists(("2024-01-01", []), ("2024-01-02", []), ("2024-01-03", [])),
            8),
    ];

    /// <summary>The scenario of a name.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static Scenario Named(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new Refusal(ExitCode.Usage, $"There is no scenario '{name}': choose {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>Whether the scheduled run of a date is cleared.</summary>
    public bool IsCleared(string date) => Clears.Any(c =>
        c.Date == date || (c.Past && string.CompareOrdinal(date, c.Date) < 0) || (c.Future && string.CompareOrdinal(date, c.Date) > 0));

    private static Dictionary<string, int> Counts(params string[] dates) => dates.ToDictionary(d => d, _ => 1, StringComparer.Ordinal);

    private static Dictionary<string, string[]> Lists(params (string Date, string[] Dates)[] files) => files.ToDictionary(f => f.Date, f => f.Dates, StringComparer.Ordinal);

    /// <summary>A mark that is cleared, with its downstream tasks.</summary>
    /// <param name="Date">The execution date.</param>
    /// <param name="Past">Also those of all earlier dates.</param>
    /// <param name="Future">Also those of all later dates.</param>
    internal sealed record Cleared(string Date, bool Past, bool Future);
}

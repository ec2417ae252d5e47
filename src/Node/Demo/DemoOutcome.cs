using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Demo;

/// <summary>What came of the demo, and where that differs from what its scenario says.</summary>
/// <param name="Runs">All runs of the pipeline.</param>
/// <param name="InputCommits">The commits of the input.</param>
/// <param name="OutputCommits">The commits of the output that changed data.</param>
/// <param name="Summary">Rows counted per date.</param>
/// <param name="Files">The configuration file of each cleared date; null where there is none.</param>
internal sealed record DemoOutcome(
    IReadOnlyList<Run> Runs,
    IReadOnlyList<CommitChanges> InputCommits,
    IReadOnlyList<CommitChanges> OutputCommits,
    IReadOnlyDictionary<string, long> Summary,
    IReadOnlyDictionary<string, string?> Files)
{
    /// <summary>Reads it.</summary>
    public static async Task<DemoOutcome> Read(DemoTables tables, Scenario scenario, IReadOnlyList<Run> runs, CancellationToken cancellation) => new(
        runs,
        await tables.InputCommits(cancellation),
        await tables.OutputDataCommits(cancellation),
        await tables.Summary(cancellation),
        scenario.Files.Keys.ToDictionary(date => date, tables.ConfigurationFile, StringComparer.Ordinal));

    /// <summary>The configuration file as the scenario wants it.</summary>
    public static string ExpectedFile(IEnumerable<string> dates) =>
        JsonSerializer.Serialize(new { partitions = dates.Select(date => $"{Devices.DeviceTable.PartitionColumn}={date}") });

    /// <summary>Each difference in a sentence; none when all is as it should be.</summary>
    public IEnumerable<string> Differences(Scenario scenario, DemoProgress progress) =>
        [.. DifferencesOfProgress(scenario, progress), .. DifferencesOfRuns(scenario), .. DifferencesOfTables(scenario)];

    private static IEnumerable<string> DifferencesOfProgress(Scenario scenario, DemoProgress progress)
    {
        if (progress.Affected.Sum() != scenario.Affected)
        {
            yield return $"Clearing affected {progress.Affected.Sum()} task instances, not {scenario.Affected}.";
        }

        var late = SeedsDay.Loads.Where(l => l.IsLate).Select(l => l.Date).ToList();
        if (!late.SequenceEqual(progress.Late ?? []))
        {
            yield return $"Late were {string.Join(", ", progress.Late ?? [])}, not {string.Join(", ", late)}.";
        }

        foreach (var idle in (progress.Nodes ?? []).Where(n => !progress.Resumed && progress.Kills.Count == 0 && (n.Turns == 0 || n.Activities == 0)))
        {
            yield return $"{idle.Node} ran {idle.Turns} turns and {idle.Activities} activities; each node should run both.";
        }
    }

    private IEnumerable<string> DifferencesOfRuns(Scenario scenario)
    {
        foreach (var failed in Runs.Where(r => r.State != RunState.Success))
        {
            yield return $"{failed.RunId} is {failed.State}, not a success.";
        }

        foreach (var date in SeedsDay.Dates)
        {
            var ofDate = Runs.Where(r => DateText.Short(r.LogicalDate) == date).ToList();
            var backfills = ofDate.Count(r => r.Kind == RunKind.Backfill);
            if (backfills != scenario.Backfills.GetValueOrDefault(date))
            {
                yield return $"{date} was backfilled {backfills} times, not {scenario.Backfills.GetValueOrDefault(date)} times.";
            }

            if (ofDate.Where(r => r.Kind == RunKind.Scheduled).ToList() is not [var scheduled])
            {
                yield return $"{date} has not exactly one scheduled run.";
                continue;
            }

            var pin = scenario.IsCleared(date) ? SeedsDay.VersionAfter : SeedsDay.VersionBefore;
            if (scheduled.Pin.Count != 1 || scheduled.Pin[0].Version != pin)
            {
                yield return $"The scheduled run of {date} is pinned at {string.Join(",", scheduled.Pin.Select(p => p.Version))}, not at {pin}.";
            }
        }
    }

    private IEnumerable<string> DifferencesOfTables(Scenario scenario)
    {
        if (!InputCommits.Select(c => c.Version).SequenceEqual(Enumerable.Range(0, SeedsDay.Loads.Count).Select(v => (long)v)))
        {
            yield return $"The log of {SeedsDay.Input} has versions {string.Join(", ", InputCommits.Select(c => c.Version))}, not 0 to {SeedsDay.VersionAfter}.";
        }

        if (OutputCommits.Count != scenario.DataCommits || OutputCommits.Any(c => c.Transactions.Count == 0))
        {
            yield return $"The log of {SeedsDay.Output} has {OutputCommits.Count} commits of data, "
                + $"{OutputCommits.Count(c => c.Transactions.Count > 0)} of them with a txn, not {scenario.DataCommits}.";
        }

        foreach (var (date, dates) in scenario.Files)
        {
            if (Files[date] != ExpectedFile(dates))
            {
                yield return $"{DemoTables.FileName(date)} holds {Files[date] ?? "nothing"}, not {ExpectedFile(dates)}.";
            }
        }

        foreach (var date in SeedsDay.Dates)
        {
            var processed = scenario.IsCleared(date) || scenario.Backfills.ContainsKey(date) ? SeedsDay.VersionAfter : SeedsDay.VersionBefore;
            if (Summary.GetValueOrDefault(date) != SeedsDay.RowsOf(date, processed))
            {
                yield return $"{SeedsDay.Output} counts {Summary.GetValueOrDefault(date)} rows for {date}, not {SeedsDay.RowsOf(date, processed)}.";
            }
        }
    }
}

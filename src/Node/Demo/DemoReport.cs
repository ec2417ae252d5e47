using System.Globalization;
using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Latecomer.Node.Demo;

/// <summary>Tells people what came of the demo.</summary>
internal sealed class DemoReport(IAnsiConsole console, Scenario scenario, DemoProgress progress, DemoOutcome outcome)
{
    /// <summary>Prints everything but the verdict.</summary>
    public void Print(string data)
    {
        Log();
        Late();
        Files();
        Summary();
        Nodes();
        Times();
        Next(data);
    }

    /// <summary>Prints whether all is as it should be.</summary>
    /// <returns>Whether it is.</returns>
    public bool Verdict()
    {
        var differences = outcome.Differences(scenario, progress).ToList();
        foreach (var difference in differences)
        {
            console.MarkupLine($"[red]differs:[/] {Markup.Escape(difference)}");
        }

        if (differences.Count == 0)
        {
            var (scheduled, backfills) = (scenario.Files.Count, scenario.Backfills.Values.Sum());
            console.MarkupLine($"[green]As expected:[/] {scenario.Name}: {scenario.Affected} task instances affected, {scheduled} runs cleared, {backfills} backfilled, each once.");
        }

        return differences.Count == 0;
    }

    private void Log()
    {
        var table = Begin("The log of the input before (to version 6) and after", "version", "partition", "rows", "when");
        foreach (var commit in outcome.InputCommits)
        {
            var colour = commit.Version > SeedsDay.VersionBefore ? "yellow" : "default";
            table.AddRow(
                $"[{colour}]{commit.Version}[/]",
                $"[{colour}]{Markup.Escape(string.Join(", ", commit.Partitions.Select(p => p.Partition.ToString())))}[/]",
                $"{commit.Partitions.Sum(p => p.Added.Rows)}",
                commit.CommitTime?.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "");
        }

        console.Write(table);
    }

    private void Late()
    {
        console.MarkupLine($"Late partitions: [yellow]{string.Join(", ", progress.Late ?? [])}[/]");
        console.MarkupLine($"Task instances affected by clearing: {progress.Affected.Sum()}");
    }

    private void Files()
    {
        foreach (var date in scenario.Files.Keys)
        {
            console.MarkupLine($"{DemoTables.FileName(date)}: {Markup.Escape(outcome.Files[date] ?? "there is none")}");
        }
    }

    private void Summary()
    {
        var table = Begin($"Rows counted by '{SeedsDay.Output}', in {outcome.OutputCommits.Count} commits", "date", "before", "after", "processed by");
        foreach (var date in SeedsDay.Dates)
        {
            var (before, after) = (progress.SummaryBefore?.GetValueOrDefault(date) ?? 0, outcome.Summary.GetValueOrDefault(date));
            var by = outcome.Runs.Where(r => DateText.Short(r.LogicalDate) == date).MaxBy(r => r.HoldNumber);
            table.AddRow(date, $"{before}", after == before ? $"{after}" : $"[yellow]{after}[/]", Markup.Escape(by is null ? "" : $"{by.RunId}{(by.Kind == RunKind.Scheduled && scenario.IsCleared(date) ? ", cleared" : "")}"));
        }

        console.Write(table);
    }

    private void Nodes()
    {
        var killed = progress.Kills.CountBy(k => k.Node).ToDictionary(StringComparer.Ordinal);
        var table = killed.Count == 0
            ? Begin("Which node ran what", "node", "turns", "activities")
            : Begin("Which node ran what, at least: what one ran in its last moment before it was killed is not counted", "node", "turns", "activities", "killed");
        foreach (var node in progress.Nodes ?? [])
        {
            string[] row = [Markup.Escape(node.Node), $"{node.Turns}", $"{node.Activities}"];
            table.AddRow(killed.Count == 0 ? row : [.. row, $"{killed.GetValueOrDefault(node.Node)} times"]);
        }

        console.Write(table);
        if (killed.Count > 0)
        {
            var phases = progress.Kills.CountBy(k => k.Phase).OrderBy(k => k.Key).Select(k => $"{k.Value} {k.Key.Words()}");
            console.WriteLine($"Nodes were killed (SIGKILL) {progress.Kills.Count} times, and started again: {string.Join(", ", phases)}.");
        }
    }

    private void Times()
    {
        if (progress.Resumed)
        {
            console.WriteLine("The demo was interrupted and resumed, so its times and shares tell nothing.");
        }
        else if (progress is { Kills.Count: > 0, FirstRunsMs: { } slow })
        {
            console.WriteLine(FormattableString.Invariant($"The first {SeedsDay.Dates.Count} runs took {slow / 1000:0.00} s, made longer for the kills to hit."));
        }
        else if (progress is { FirstRunsMs: { } whole, OverheadMs: { } overhead })
        {
            console.WriteLine(FormattableString.Invariant($"The first {SeedsDay.Dates.Count} runs took {whole / 1000:0.00} s; overhead (no work running): {overhead / 1000:0.00} s. The seed: 12:55 minutes a run, 1:55 a mark."));
        }
    }

    private void Next(string data)
    {
        var another = Scenario.All.First(s => s.Name != scenario.Name).Name;
        console.WriteLine("What to type next:");
        if (progress.OnCluster)
        {
            console.WriteLine($"  ./latecomer cluster up --data {Quoted(data)}");
            console.WriteLine($"  ./latecomer cluster down --data {Quoted(data)}");
            console.WriteLine($"  ./latecomer demo --cluster --data {Quoted(Sibling(data, another))} --scenario {another}");
            console.WriteLine("The cluster ends now; the first of these brings it up again, and the second one removes its database.");
            return;
        }

        console.WriteLine($"  ./latecomer node --data {Quoted(data)} &");
        console.WriteLine($"  ./latecomer runs list {SeedsDay.Pipeline}");
        console.WriteLine($"  ./latecomer partitions list {SeedsDay.Pipeline} --late");
        console.WriteLine($"  ./latecomer demo --data {Quoted($"{data}-{another}")} --scenario {another}");
    }

    private string Sibling(string data, string another) => data.EndsWith(scenario.Name, StringComparison.Ordinal) ? $"{data[..^scenario.Name.Length]}{another}" : $"{data}-{another}";

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;

    /// <summary>Prints a heading, and gives the table to fill below it.</summary>
    private Table Begin(string title, params string[] columns)
    {
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]").NoWrap());
        }

        return table;
    }
}

using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Demo;

/// <summary>Plays the seed's day, step by step. Each step finds out what of it was done before, so that a demo which was interrupted
/// anywhere goes on from there, and comes to the same end.</summary>
internal sealed class DemoPlayer(IDemoStage stage, DemoClient client, DemoTables tables, Scenario scenario, DemoProgressFile file, IAnsiConsole console)
{
    private const string WorkTask = "process_devices";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly RunGrid _grid = new(console);

    /// <summary>Plays what is left to play; nothing, if it was played to its end before.</summary>
    /// <returns>What came of it.</returns>
    public async Task<DemoOutcome> Play(CancellationToken cancellation)
    {
        if (file.Progress.Nodes is null)
        {
            await LoadWeek(cancellation);
            await RunWeek(cancellation);
            await LoadLateData(cancellation);
            await Clear(cancellation);
            await stage.Enter(DemoPhase.Backfill, cancellation);
            await Follow(all => all.All(IsOver), cancellation);
            var shares = await stage.End(cancellation);
            file.Update(p => p with { Nodes = shares });
        }

        var runs = await client.Runs(cancellation);
        return await DemoOutcome.Read(tables, scenario, runs, cancellation);
    }

    private static bool IsOver(Run run) => run.State is not (RunState.Queued or RunState.Running);

    private async Task LoadWeek(CancellationToken cancellation)
    {
        await stage.Enter(DemoPhase.Loading, cancellation);
        Step($"A week of devices is loaded into the Delta table '{SeedsDay.Input}', a commit a day");
        foreach (var load in SeedsDay.Loads.Where(l => !l.IsLate))
        {
            await tables.Load(load, cancellation);
        }
    }

    private async Task RunWeek(CancellationToken cancellation)
    {
        await stage.Enter(DemoPhase.FirstRuns, cancellation);
        Step($"The pipeline '{SeedsDay.Pipeline}' runs once for each of {SeedsDay.Dates.Count} dates, up to 3 at a time");
        await client.Apply(cancellation);
        if (file.Progress.FirstRunsMs is not null)
        {
            return;
        }

        var runs = await Follow(runs => runs.Count == SeedsDay.Dates.Count && runs.All(IsOver), cancellation);
        var overhead = Overhead.Of([.. runs], WorkTask);
        var summary = await tables.Summary(cancellation);
        file.Update(p => p with { FirstRunsMs = overhead.Whole.TotalMilliseconds, OverheadMs = overhead.Idle.TotalMilliseconds, SummaryBefore = summary });
    }

    private async Task LoadLateData(CancellationToken cancellation)
    {
        var loads = SeedsDay.Loads.Where(l => l.IsLate).ToList();
        await stage.Enter(DemoPhase.LateData, cancellation);
        Step($"Late data arrives for {string.Join(" and ", loads.Select(l => l.Date))}, after they were processed");
        foreach (var load in loads)
        {
            await tables.Load(load, cancellation);
        }

        if (file.Progress.Late is not null)
        {
            return;
        }

        IReadOnlyList<Partition> late = [];
        await Wait(
            async () =>
            {
                late = await client.Followed(cancellation) == SeedsDay.VersionAfter ? await client.Late(cancellation) : [];
                return late.Count >= loads.Count;
            },
            "the late partitions to be found",
            cancellation);
        file.Update(p => p with { Late = [.. late.Select(l => DateText.Short(l.LogicalDate))] });
    }

    private async Task Clear(CancellationToken cancellation)
    {
        Step($"A person clears {scenario.Says}");
        for (var number = file.Progress.Affected.Count; number < scenario.Clears.Count; number++)
        {
            await stage.Enter(DemoPhase.Clearing, cancellation);

            // Asked first as people should; what it says is compared with what is cleared by the check at the end.
            var foreseen = await client.Clear(scenario.Clears[number], number, dryRun: true, cancellation);
            var affected = await client.Clear(scenario.Clears[number], number, dryRun: false, cancellation);
            console.MarkupLine($"  {scenario.Clears[number].Date}: {foreseen} task instances would be affected, {affected} are");
            file.Update(p => p with { Affected = [.. p.Affected, affected] });
        }
    }

    private async Task<IReadOnlyList<Run>> Follow(Func<IReadOnlyList<Run>, bool> isOver, CancellationToken cancellation)
    {
        var patience = new Patience(TimeProvider.System);
        return await _grid.Follow(
            async () =>
            {
                var runs = await client.Runs(cancellation);
                patience.See(runs.Sum(run => run.Tasks.Count(RunRows.IsDone)));
                return runs;
            },
            isOver,
            () => Pause(patience, "the runs to end", cancellation));
    }

    private static async Task Wait(Func<Task<bool>> until, string what, CancellationToken cancellation)
    {
        var patience = new Patience(TimeProvider.System);
        while (!await until())
        {
            await Pause(patience, what, cancellation);
        }
    }

    private static Task Pause(Patience patience, string what, CancellationToken cancellation) => patience.IsOver
        ? throw new Refusal(ExitCode.Differs, $"Waited for {what}, and nothing changed for {Patience.Longest.TotalMinutes:0} minutes. Run the demo again to go on waiting.")
        : Task.Delay(Glance, TimeProvider.System, cancellation);

    private void Step(string sentence) => console.MarkupLine($"[bold]{Markup.Escape(sentence)}[/]");
}

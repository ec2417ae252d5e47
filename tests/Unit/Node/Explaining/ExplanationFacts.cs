using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Node.Explaining;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using Latecomer.Runtime;
using Latecomer.Tests.Unit.Actors;

namespace Latecomer.Tests.Unit.Node.Explaining;

/// <summary>Why a partition is as it is, told of the seed's day.</summary>
public sealed class ExplanationFacts
{
    private static readonly ActorCatalog Catalog = ActorIds.Catalog();

    [Fact]
    public void A_late_day_that_a_backfill_processed_is_told_from_its_commit_to_the_outcome()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Clear(4);
        var steps = Explain(day, 2);
        var backfill = day.Run(2, Latecomer.Contracts.RunKind.Backfill).RunId;
        var late = steps.FindIndex(s => s.Kind == ExplainedStepKind.Commit && s.Version == 7);
        string[] chain =
        [
            "COMMIT Version 7 of devices brought 100 rows (1 kB).",
            "DECISION It is late: what was processed, by run scheduled__2024-01-02T00:00:00Z, is devices at version 6. Policy next_run: the creation of the next run of a later date claims it.",
            "CLAIM The creation of run scheduled__2024-01-04T00:00:00Z claimed it.",
            $"RUN Run {backfill} was made as a backfill.",
            $"CLAIM The claim triggered run {backfill}.",
        ];
        Told(steps.Skip(late).Take(5)).ShouldBe(chain);
        Told(steps.Skip(late)).ShouldContain($"TRY Try 1 of process_devices of run {backfill} succeeded.");
        Told(steps.Skip(late)).ShouldContain($"RUN Run {backfill} processes devices at version 8.");
        Told(steps.Skip(late)).ShouldContain($"DECISION What run {backfill} pinned is now the last that was processed: devices at version 8.");
        Told(steps.TakeLast(2)).ShouldBe([$"OUTCOME Run {backfill} succeeded.", "CLAIM The claim is over: its run succeeded."]);
        var commit = steps[late];
        (commit.Table, commit.Rows, commit.Bytes, commit.Time.ToDateTimeOffset()).ShouldBe(("devices", 100, 1000, DateTimeOffset.UnixEpoch.AddSeconds(7)));
        steps.Skip(late).Where(s => s.Kind == ExplainedStepKind.Claim).ShouldAllBe(s => s.ClaimId.Length > 0 && s.Cause.Length > 0);
        steps.Where(s => s.Kind == ExplainedStepKind.Try).ShouldAllBe(s => s.TryNumber == 1 && s.TaskId.Length > 0 && s.RunId.Length > 0);
    }

    [Fact]
    public void What_was_not_claimed_is_told_with_the_reason_and_what_is_out_of_reach_with_what_to_do()
    {
        var day = new SeedsDay(d => d with { MinRows = 500, Lookback = 3 });
        day.RunFirstFive();
        day.LoadLate();
        day.Clear(5);
        var steps = Explain(day, 2);
        Told(steps).ShouldContain("CLAIM The creation of run scheduled__2024-01-05T00:00:00Z did not claim it: only 100 rows came late, fewer than minRows 500.");
        Told(steps).ShouldContain(t => t.EndsWith("Policy next_run: the creation of the next run of a later date at most 3 intervals later claims it, once at least 500 rows came late (min_rows).", StringComparison.Ordinal));
        Told(steps)[^1].ShouldBe("DECISION It stays late: with a lookback of 3, the next run (2024-01-06) claims from 2024-01-03 on. Backfill a range that covers it, or dismiss it.");
    }

    [Fact]
    public void What_made_nothing_late_is_told_with_why()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Table.Commit(dataChange: false, "2024-01-02");
        day.Load("2024-01-07");
        Told(Explain(day, 2))[^1].ShouldBe("DECISION It made nothing late: it rearranged files and changed no data.");
        Told(Explain(day, 7))[^1].ShouldBe("DECISION It is not late: nothing was processed before, and the run to come reads it.");
        Told(Explain(day, 2))[0].ShouldBe("COMMIT When devices_loader began to read devices, it held 1 file for 2024-01-02, last changed by version 1 or before.");
    }

    [Fact]
    public void Tries_that_fail_are_told_with_their_reasons_and_one_that_runs_as_begun()
    {
        var fails = 2;
        var day = new SeedsDay { Work = w => w.Date != SeedsDay.Date(1) ? new WorkReport(Note: null) : fails-- > 0 ? new InvalidOperationException("no memory") : null };
        day.RunFirstFive();
        day.World.Advance(TimeSpan.FromMinutes(5));
        var steps = Explain(day, 1).Where(s => s.TaskId == "process_devices").ToList();
        Told(steps).ShouldBe(
        [
            "TRY Try 1 of process_devices of run scheduled__2024-01-01T00:00:00Z failed, and is tried again: no memory.",
            "TRY Try 2 of process_devices of run scheduled__2024-01-01T00:00:00Z failed, and is tried again: no memory.",
            "TRY Try 3 of process_devices of run scheduled__2024-01-01T00:00:00Z began and has not ended.",
        ]);
    }

    [Fact]
    public void What_the_journal_has_lost_is_told_by_the_rows_as_far_as_they_know()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.World.Advance(TimeSpan.FromDays(100));
        day.LoadLate();
        day.Clear(4);
        var whole = Explain(day, 2);
        var first = whole.FindIndex(s => s.Version == 7);
        var steps = Explain(day, 2, entries => [.. entries.SkipWhile(e => e.Entry is not PartitionEntry.ChangeSeen)]);
        Told(steps.Take(2)).ShouldBe(["RUN Run scheduled__2024-01-02T00:00:00Z was made by the schedule.", "TRY Try 1 of mark_partition_as_processing of run scheduled__2024-01-02T00:00:00Z succeeded."]);
        Told(steps).ShouldContain("OUTCOME Run scheduled__2024-01-02T00:00:00Z succeeded.");
        Told(steps.Skip(steps.FindIndex(s => s.Version == 7) + 2)).ShouldBe(Told(whole.Skip(first + 2)));
    }

    [Fact]
    public void What_people_decided_and_what_other_systems_asked_is_told_with_the_reasons()
    {
        var day = ExternalCalls.External();
        ExternalCalls.Mark(day, 2, ExternalCalls.Run(2));
        ExternalCalls.Processed(day, 2, ExternalCalls.Run(2));
        day.LoadLate();
        ExternalCalls.Create(day, 4, ExternalCalls.Run(4));
        var again = Latecomer.Contracts.RunId.Parse("manual__again");
        ExternalCalls.Mark(day, 2, again);
        ExternalCalls.Release(day, 2, again);
        day.AskPartition(2, r => new PartitionMessage.Dismiss(r, "a test of the loader."));

        Told(Explain(day, 2).TakeLast(6)).ShouldBe(
        [
            "DECISION A person took it from run manual__again: it died.",
            "TRY Try 1 of process_devices of run manual__again failed for good: released: it died.",
            "OUTCOME Run manual__again failed.",
            "CLAIM The claim is over: its run did not succeed. While it is late it can be claimed anew.",
            "DECISION A person said that what came up to devices at version 7 needs no run: a test of the loader.",
            "DECISION It is not late any more.",
        ]);
        Told(Explain(day, 4)).ShouldContain("RUN Run scheduled__2024-01-04T00:00:00+00:00 asked what is late before it, in try 1.");
        Told(Explain(day, 4)).ShouldContain("RUN The creation of run scheduled__2024-01-04T00:00:00+00:00 claimed 2024-01-02.");
    }

    private static List<ExplainedStep> Explain(SeedsDay day, int date, Func<IReadOnlyList<DecodedEntry>, IReadOnlyList<DecodedEntry>>? keep = null)
    {
        var actor = ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(date));
        var behavior = Catalog.BehaviorOf(actor);
        var journal = day.World.Journal.Where(e => e.Actor == actor).Select((e, i) => new JournalEntry(
            Catalog.ShardOf(actor), i + 1, actor, i + 1, behavior.WriteEntry(e.Entry), "test", e.Entry is PartitionEntry.RunCreated created ? created.At : day.World.Now));
        IReadOnlyList<DecodedEntry> entries = [.. new EntryDecoder(Catalog).Decode(journal)];
        var prefix = $"{actor.Key}/";
        var facts = new PartitionFacts(
            day.World.Rows<PipelineRow>(Projections.Pipelines).Single(),
            day.World.Rows<PartitionRow>(Projections.Partitions, actor.Key).Single(),
            day.World.Rows<RunRow>(Projections.Runs, prefix),
            day.World.Rows<TryRow>(Projections.Tries, prefix),
            day.World.Rows<CommitRow>(Projections.Commits).ToLookup(c => (c.Table, c.Version)),
            day.World.Rows<CreationRow>(Projections.Creations, prefix).ToImmutableDictionary(c => c.RunId));
        var kept = keep?.Invoke(entries) ?? entries;
        return [.. Explanation.Of(new PartitionHistory(kept, kept.Count == entries.Count), facts)];
    }

    private static List<string> Told(IEnumerable<ExplainedStep> steps) => [.. steps.Select(s => $"{s.Kind.ToString().ToUpperInvariant()} {s.Text}")];
}

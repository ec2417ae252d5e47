using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using static System.FormattableString;

namespace Latecomer.Node.Explaining;

/// <summary>Tells in sentences why a partition is as it is: commit, decision, claim, run, try, outcome. A fold over its journal; what that does not say any more is
/// told as far as the projections know it.</summary>
internal sealed partial class Explanation(PartitionFacts facts, bool isWhole)
{
    private readonly List<ExplainedStep> _steps = [];
    private readonly Dictionary<(RunId Run, TaskKind Task), int> _tries = [];
    private readonly Dictionary<(RunId Run, TaskKind Task), DecodedEntry> _begun = [];
    private Pin? _processed;
    private RunId? _processedBy;
    private int _failedClaims;

    private PipelineDefinition Definition => facts.Pipeline.Definition;

    /// <summary>The steps, in the order in which they became known.</summary>
    public static IReadOnlyList<ExplainedStep> Of(PartitionHistory history, PartitionFacts facts)
    {
        var explanation = new Explanation(facts, history.IsWhole);
        if (!history.IsWhole)
        {
            explanation.TellRowsBefore(history.Entries is [var first, ..] ? first.Source.At : DateTimeOffset.MaxValue);
        }

        foreach (var entry in history.Entries)
        {
            explanation.Tell(entry);
        }

        explanation.TellWhatIsBegun();
        explanation.TellWhatIsOutOfReach(history);
        return explanation._steps;
    }

    private void Tell(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.ChangeSeen seen:
                TellChange(told, seen);
                break;
            case PartitionEntry.BaselineSeen seen:
                Add(told, ExplainedStepKind.Commit, Baseline(seen), step => (step.Table, step.Version) = (seen.Table.Value, seen.LastChange?.Version ?? 0));
                break;
            case PartitionEntry.LatenessReported reported:
                TellLateness(told, reported.Late);
                break;
            case PartitionEntry.Processed processed:
                (_processed, _processedBy) = (processed.Pin, processed.Run);
                Add(told, ExplainedStepKind.Decision, $"What run {processed.Run} pinned is now the last that was processed: {Words(processed.Pin)}.", processed.Run);
                break;
            case PartitionEntry.Adopted adopted:
                (_processed, _processedBy) = (adopted.Pin, null);
                Add(told, ExplainedStepKind.Decision, $"What was processed elsewhere was taken over: {Words(adopted.Pin)}.");
                break;
            case PartitionEntry.Reserved or PartitionEntry.ReserveRefused or PartitionEntry.ClaimBound or PartitionEntry.ClaimOver:
                TellClaim(told);
                break;
            default:
                TellRun(told);
                break;
        }
    }

    private void TellChange(DecodedEntry told, PartitionEntry.ChangeSeen seen)
    {
        var (table, change) = (seen.Table, seen.Change);
        var parts = facts.Commits[(table, change.Version)].ToList();
        var what = change.Rows > 0 || change.Bytes > 0
            ? Invariant($"brought {change.Rows} {(change.Rows == 1 ? "row" : "rows")} ({SizeOf(change.Bytes)})")
            : "changed";
        var by = parts.Find(p => p.Run is not null) is { Run: { } run, Pipeline: { } pipeline } ? $", written by run {run} of {pipeline}" : "";
        Add(told, ExplainedStepKind.Commit, Invariant($"Version {change.Version} of {table} {what}{by}."), step =>
        {
            step.Time = change.At.ToTimestamp();
            (step.Table, step.Version, step.Rows, step.Bytes) = (table.Value, change.Version, change.Rows, change.Bytes);
        });
        if (WhyNotLate(table, change, seen.Affects, parts) is { } reason)
        {
            Add(told, ExplainedStepKind.Decision, reason);
        }
    }

    private string? WhyNotLate(TablePath table, InputChange change, bool affects, List<CommitRow> parts) => affects switch
    {
        false when parts.Count > 0 && parts.TrueForAll(p => !p.DataChange) => "It made nothing late: it rearranged files and changed no data.",
        false when parts.Exists(p => p.Pipeline == Definition.Name) => "It made nothing late: the pipeline itself wrote it.",
        false => "It made nothing late: it changed no data that the runs of this date read.",
        true when _processed is { } pin && pin.Covers(table, change.TableId, change.Version) => _processedBy is { } by
            ? $"It is not late: run {by} had pinned it already."
            : "It is not late: it was part of what was taken over from elsewhere.",
        true when _processed is null && isWhole => "It is not late: nothing was processed before, and the run to come reads it.",
        _ => null,
    };

    private void TellLateness(DecodedEntry told, bool isLate)
    {
        var text = isLate
            ? $"It is late{(_processed is { } pin ? $": what was processed, {By()}, is {Words(pin)}" : "")}. {Policy()}"
            : "It is not late any more.";
        Add(told, ExplainedStepKind.Decision, text);
    }

    private string By() => _processedBy is { } run ? $"by run {run}" : "elsewhere";

    /// <summary>What happens to a late partition, by the pipeline's settings.</summary>
    private string Policy()
    {
        var reach = Definition.Lookback is { } lookback ? Invariant($" at most {lookback} intervals later") : "";
        var rows = Definition.MinRows > 0 ? Invariant($", once at least {Definition.MinRows} rows came late (min_rows)") : "";
        return $"Policy next_run: the creation of the next run of a later date{reach} claims it{rows}.";
    }

    private void TellClaim(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.Reserved reserved:
                Add(told, ExplainedStepKind.Claim, $"The creation of run {reserved.CreatedBy} claimed it.", reserved.CreatedBy, reserved.ClaimId);
                break;
            case PartitionEntry.ReserveRefused refused:
                Add(told, ExplainedStepKind.Claim, $"The creation of run {refused.By} did not claim it: {refused.Reason}.", refused.By, refused.ClaimId);
                break;
            case PartitionEntry.ClaimBound bound:
                Add(told, ExplainedStepKind.Claim, $"The claim triggered run {bound.Run}.", bound.Run, bound.ClaimId);
                break;
            case PartitionEntry.ClaimOver over:
                _failedClaims = over.Succeeded switch { true => 0, false => _failedClaims + 1, null => _failedClaims };
                Add(told, ExplainedStepKind.Claim, ClaimOver(over.Succeeded), run: null, over.ClaimId);
                break;
        }
    }

    private string ClaimOver(bool? succeeded) => succeeded switch
    {
        true => "The claim is over: its run succeeded.",
        null => "The claim is over: it was released without a run, and can be claimed anew.",
        false when _failedClaims >= PartitionState.MostFailedClaims =>
            Invariant($"The claim is over: its run did not succeed, as {_failedClaims} in a row have not. A person has to approve another."),
        false => "The claim is over: its run did not succeed. While it is late it can be claimed anew.",
    };

    private string Baseline(PartitionEntry.BaselineSeen seen)
    {
        var held = Invariant($"it held {seen.Files} {(seen.Files == 1 ? "file" : "files")} for {facts.NameOf(facts.Partition.Date)}");
        var changed = seen.LastChange is { } change ? Invariant($", last changed by version {change.Version} or before") : "";
        return $"When {Definition.Name} began to read {seen.Table}, {held}{changed}.";
    }

    /// <summary>A late partition that the runs to come look too little back for.</summary>
    private void TellWhatIsOutOfReach(PartitionHistory history)
    {
        if (!facts.Partition.Late || facts.Partition.ClaimId is not null || Definition.Lookback is not { } lookback || history.Entries is not [.., var last])
        {
            return;
        }

        var earliest = Definition.Schedule.Shift(facts.Pipeline.NextDate, -lookback);
        if (facts.Partition.Date < earliest)
        {
            Add(last, ExplainedStepKind.Decision, Invariant(
                $"It stays late: with a lookback of {lookback}, the next run ({facts.NameOf(facts.Pipeline.NextDate)}) claims from {facts.NameOf(earliest)} on. Backfill a range that covers it, or dismiss it."));
        }
    }

    private static string Words(Pin pin) => string.Join(", ", pin.Tables.Select(t => Invariant($"{t.Key} at version {t.Value.Version}")));

    private static string SizeOf(long bytes) => bytes switch
    {
        < 1_000 => Invariant($"{bytes} bytes"),
        < 1_000_000 => Invariant($"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.#} MB"),
        _ => Invariant($"{bytes / 1e9:0.#} GB"),
    };

    private void Add(DecodedEntry told, ExplainedStepKind kind, string text, RunId? run, string claim = "") => Add(told, kind, text, step =>
    {
        (step.RunId, step.ClaimId) = (run?.Value ?? "", claim);
    });

    private void Add(DecodedEntry told, ExplainedStepKind kind, string text, Action<ExplainedStep>? fill = null)
    {
        var step = new ExplainedStep { Time = told.Source.At.ToTimestamp(), Kind = kind, Text = text, Cause = told.Source.Cause };
        fill?.Invoke(step);
        _steps.Add(step);
    }
}

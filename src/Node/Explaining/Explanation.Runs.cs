using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using static System.FormattableString;
using RunKind = Latecomer.Contracts.RunKind;
using RunState = Latecomer.Contracts.RunState;
using TaskState = Latecomer.Contracts.TaskState;

namespace Latecomer.Node.Explaining;

/// <content>What happened to the runs of the partition.</content>
internal sealed partial class Explanation
{
    /// <summary>Entries that say how a run goes on within itself, and change nothing that people decide by.</summary>
    private static readonly FrozenSet<string> Untold = FrozenSet.ToFrozenSet(
    [
        nameof(PartitionEntry.StepTaken), nameof(PartitionEntry.WaitChanged), nameof(PartitionEntry.SlotTaken), nameof(PartitionEntry.SlotGivenBack),
        nameof(PartitionEntry.PinBegun), nameof(PartitionEntry.SensorWaited), nameof(PartitionEntry.TriggerConfirmed), nameof(PartitionEntry.ClearSeen),
        nameof(PartitionEntry.DefinitionSeen), nameof(PartitionEntry.SectionEntered), nameof(PartitionEntry.SectionQueued), nameof(PartitionEntry.SectionLeft),
        nameof(PartitionEntry.DataAwaited), nameof(PartitionEntry.DataAnnounced), nameof(PartitionEntry.ExternalMarkAsked), nameof(PartitionEntry.ExternalMarkAnswered),
        nameof(PartitionEntry.ExternalCreationAsked),
    ],
    StringComparer.Ordinal);

    private void TellRun(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.RunCreated created:
                Add(told, ExplainedStepKind.Run, $"Run {created.Run} was made{Why(created.Kind)}.", created.Run);
                break;
            case PartitionEntry.Held held:
                Add(told, ExplainedStepKind.Run, Invariant($"Run {held.Run} holds the partition{(held.Number is { } number ? Invariant($" under number {number}") : "")}, by try {held.MarkTry} of its mark."), held.Run);
                break;
            case PartitionEntry.PinTaken taken:
                Add(told, ExplainedStepKind.Run, Invariant($"Run {taken.Run} processes {taken.Table} at version {taken.Pin.Version}."), taken.Run);
                break;
            case PartitionEntry.ClaimsReceived received:
                Add(told, ExplainedStepKind.Run, Claimed(received), received.Run, received.Claimed.ClaimId);
                break;
            case PartitionEntry.ClearRequested cleared:
                Add(told, ExplainedStepKind.Run, $"Run {cleared.Run} is cleared once its work has stopped.", cleared.Run);
                break;
            case PartitionEntry.TasksCleared cleared:
                Add(told, ExplainedStepKind.Run, $"Of run {cleared.Run} these tasks were cleared: {Ids(cleared.Tasks)}.", cleared.Run);
                break;
            case PartitionEntry.LaterTasksCleared cleared:
                Add(told, ExplainedStepKind.Run, $"Of run {cleared.Run} these tasks were cleared, to which it had not come: {Ids(cleared.Tasks)}.", cleared.Run);
                break;
            case PartitionEntry.RunEnded ended:
                Add(told, ExplainedStepKind.Outcome, $"Run {ended.Run} {Words(ended.State)}.", ended.Run);
                break;
            default:
                TellTry(told);
                break;
        }
    }

    private void TellTry(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.TaskQueued queued:
                _tries[(queued.Run, queued.Task)] = _tries.GetValueOrDefault((queued.Run, queued.Task)) + 1;
                break;
            case PartitionEntry.ExternalMarkBegun begun:
                _tries[(begun.Run, TaskKind.Mark)] = begun.Try;
                break;
            case PartitionEntry.TaskStarted started:
                _begun[(started.Run, started.Task)] = told;
                break;
            case PartitionEntry.TaskRescheduled waits:
                AddTry(told, waits.Run, waits.Task, at: null, waits.Note);
                break;
            case PartitionEntry.TaskEnded ended:
                _begun.Remove((ended.Run, ended.Task));
                AddTry(told, ended.Run, ended.Task, ended.At, $"{Words(ended.State)}{(ended.Note is { Length: > 0 } note ? $": {note}" : "")}");
                break;
            default:
                TellPeople(told);
                break;
        }
    }

    /// <summary>What there are no words for is told by its name: nothing that happened to the partition is left out.</summary>
    private void TellOther(DecodedEntry told)
    {
        var type = told.Source.Entry.Type;
        if (!Untold.Contains(type))
        {
            var words = Capitals().Replace(type, " $0").Trim().ToLowerInvariant();
            Add(told, ExplainedStepKind.Decision, $"{char.ToUpperInvariant(words[0])}{words[1..]}.", told.Entry?.Run());
        }
    }

    private void TellWhatIsBegun()
    {
        foreach (var ((run, task), told) in _begun.OrderBy(b => b.Value.Source.Position))
        {
            AddTry(told, run, task, at: null, "began and has not ended");
        }
    }

    /// <summary>What rows say of runs and tries whose entries were removed.</summary>
    private void TellRowsBefore(DateTimeOffset first)
    {
        var steps = facts.Runs.Where(r => r.CreatedAt < first)
            .Select(r => Row(r.CreatedAt, ExplainedStepKind.Run, $"Run {r.RunId} was made{Why(r.Kind)}.", r.RunId))
            .Concat(facts.Runs.Where(r => r.EndedAt < first).Select(r => Row(r.EndedAt!.Value, ExplainedStepKind.Outcome, $"Run {r.RunId} {Words(r.State)}.", r.RunId)))
            .Concat(facts.Tries.Where(t => t.EndedAt < first).Select(RowOf));
        _steps.AddRange(steps.OrderBy(s => s.Time).ThenBy(s => s.Kind));
        foreach (var row in facts.Tries.Where(t => t.EndedAt < first))
        {
            if (Tasks.All.Where(t => facts.IdOf(t) == row.TaskId).Select(t => (TaskKind?)t).FirstOrDefault() is { } task)
            {
                _tries[(row.RunId, task)] = Math.Max(_tries.GetValueOrDefault((row.RunId, task)), row.Try);
            }
        }

        static ExplainedStep RowOf(TryRow row)
        {
            var step = Row(row.EndedAt, ExplainedStepKind.Try, Sentence(row.Try, row.TaskId, row.RunId, $"{Words(row.State)}{(row.Note is { Length: > 0 } note ? $": {note}" : "")}"), row.RunId);
            (step.TaskId, step.TryNumber) = (row.TaskId, row.Try);
            return step;
        }
    }

    private static ExplainedStep Row(DateTimeOffset at, ExplainedStepKind kind, string text, RunId run) =>
        new() { Time = at.ToTimestamp(), Kind = kind, Text = text, RunId = run.Value };

    private void AddTry(DecodedEntry told, RunId run, TaskKind task, DateTimeOffset? at, string what)
    {
        var id = facts.IdOf(task);

        // By the row, if there is one: the entries of earlier tries may have been removed.
        var number = facts.Tries.FirstOrDefault(t => t.RunId == run && t.TaskId == id && t.EndedAt == at)?.Try ?? _tries.GetValueOrDefault((run, task));
        Add(told, ExplainedStepKind.Try, Sentence(number, id, run, what), step => (step.RunId, step.TaskId, step.TryNumber) = (run.Value, id, number));
    }

    private static string Sentence(int number, string task, RunId run, string what) =>
        number > 0 ? Invariant($"Try {number} of {task} of run {run} {what}.") : $"{task} of run {run} {what}.";

    private string Claimed(PartitionEntry.ClaimsReceived received)
    {
        var file = facts.Creations.TryGetValue(received.Run, out var creation) && creation.ClaimId == received.Claimed.ClaimId ? $" ({creation.File})" : "";
        return Claimed(received.Run, received.Claimed, file);
    }

    private string Claimed(RunId run, ClaimedPartitions claimed, string file) => claimed.Dates.IsEmpty
        ? $"The creation of run {run} found nothing to claim{file}."
        : $"The creation of run {run} claimed {string.Join(", ", claimed.Dates.Select(facts.NameOf))}{file}.";

    private string Ids(IEnumerable<TaskKind> tasks) => string.Join(", ", tasks.Select(facts.IdOf));

    private static string Why(RunKind kind) => kind switch
    {
        RunKind.Scheduled => " by the schedule",
        RunKind.Manual => " because a person asked for it",
        RunKind.Backfill => " as a backfill",
        RunKind.External => " by a mark: something else runs it",
        _ => "",
    };

    private static string Words(RunState state) => state switch
    {
        RunState.Success => "succeeded",
        RunState.Failed => "failed",
        RunState.Cancelled => "was cancelled",
        _ => $"is {state.ToString().ToLowerInvariant()}",
    };

    private static string Words(TaskState state) => state switch
    {
        TaskState.Success => "succeeded",
        TaskState.Failed => "failed for good",
        TaskState.UpForRetry => "failed, and is tried again",
        TaskState.Skipped => "was skipped",
        _ => $"is {state.ToString().ToLowerInvariant()}",
    };

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capitals();
}

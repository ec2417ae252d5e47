using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>What entries do to the state.</content>
public sealed partial class PipelineActor
{
    /// <inheritdoc/>
    public override PipelineState Apply(PipelineState state, PipelineEntry entry) => entry switch
    {
        PipelineEntry.ApplyQueued queued => state with { Applying = state.Applying.Add(queued.Apply) },
        PipelineEntry.ApplyDecided => state with { Applying = state.Applying.RemoveAt(0) },
        PipelineEntry.Applied applied => state with
        {
            Definition = applied.Definition,
            NextDate = state.NextDate ?? applied.Definition.Start,
            Unsubscribed = state.Definition is null ? [.. applied.Definition.Inputs.Select(i => i.Table)] : state.Unsubscribed,
        },
        PipelineEntry.InputSubscribed subscribed => state with { Unsubscribed = state.Unsubscribed.Remove(subscribed.Table) },
        PipelineEntry.RunScheduled scheduled => state with
        {
            NextDate = state.Definition!.Schedule.Next(scheduled.Date),
            OpenScheduled = state.OpenScheduled + 1,
        },
        PipelineEntry.Marked marked => state with
        {
            MarkedThrough = state.MarkedThrough is { } through && through > marked.Date ? through : marked.Date,
        },
        PipelineEntry.ScheduledEnded => state with { OpenScheduled = state.OpenScheduled - 1 },
        PipelineEntry.ScheduledReopened => state with { OpenScheduled = state.OpenScheduled + 1 },
        PipelineEntry.SlotQueued queued => state with { Queue = state.Queue.RemoveAll(c => c.Run == queued.Claimant.Run).Add(queued.Claimant) },
        PipelineEntry.SlotGranted granted => state with
        {
            Queue = state.Queue.RemoveAll(c => c.Run == granted.Claimant.Run),
            Slots = state.Slots.Add(granted.Claimant),
            BackfillWasLast = granted.BothWaited ? granted.Claimant.Kind == RunKind.Backfill : state.BackfillWasLast,
        },
        PipelineEntry.SlotReleased released => state with
        {
            Queue = state.Queue.RemoveAll(c => c.Run == released.Run),
            Slots = state.Slots.RemoveAll(c => c.Run == released.Run),
        },
        PipelineEntry.Triggered triggered => state with { LastTriggerAt = triggered.At },
        PipelineEntry.Paused => state with { Paused = true },
        PipelineEntry.Unpaused => state with { Paused = false },
        _ => ApplyAdoption(state, entry),
    };

    private static PipelineState ApplyClear(PipelineState state, PipelineEntry entry) => entry switch
    {
        PipelineEntry.ClearBegun begun => state with { Clears = state.Clears.Add(begun.Clear), ClearNumber = begun.Clear.Number },
        PipelineEntry.FailuresSeen seen => With(state, seen.Number, c => c with
        {
            Outstanding = c.Outstanding - 1,
            Failures = seen.Tasks.IsEmpty ? c.Failures : c.Failures!.With(seen.Date, seen.Tasks, state.Definition!.Schedule),
        }),
        PipelineEntry.SurveyEnded ended => With(state, ended.Number, c => c with
        {
            Resets = ended.Resets,
            NextDate = ended.From,
            Failures = c.Failures! with { IsComplete = true },
        }),
        PipelineEntry.ClearReset reset => With(state, reset.Number, c => c with { Resets = c.Resets - 1 }),
        PipelineEntry.ClearTold told => With(state, told.Number, c => c with { NextDate = told.NextDate, Outstanding = c.Outstanding + told.Count }),
        PipelineEntry.ClearTaken taken => With(state, taken.Number, c => c with { Outstanding = c.Outstanding - 1 }),
        PipelineEntry.ClearOver over => state with { Clears = state.Clears.RemoveAll(c => c.Number == over.Number) },
        _ => throw new UnreachableException(),
    };

    private static PipelineState With(PipelineState state, long number, Func<ClearOperation, ClearOperation> change) =>
        state.Clears.Find(c => c.Number == number) is { } clear ? state with { Clears = state.Clears.Replace(clear, change(clear)) } : state;
}

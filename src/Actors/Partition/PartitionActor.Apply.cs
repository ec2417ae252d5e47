using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>What entries do to the state of the partition.</content>
public sealed partial class PartitionActor
{
    /// <inheritdoc/>
    public override PartitionState Apply(PartitionState state, PartitionEntry entry) => entry switch
    {
        PartitionEntry.Forgotten forgotten => PartitionState.Empty with { HoldNumber = state.HoldNumber, Generation = forgotten.Generation },
        PartitionEntry.ChangeSeen seen => Seen(state, seen),
        PartitionEntry.BaselineSeen seen => Seen(state, seen),
        PartitionEntry.LatenessReported reported => state with { ReportedLate = reported.Late },
        PartitionEntry.DefinitionSeen seen => state with { Definition = seen.Definition },
        PartitionEntry.RunCreated created => Forget(state with { Runs = state.Runs.Add(DagRun.Create(created.Run, created.Kind, created.At, created.Backfill) with { Step = state.StepsBefore }) }),
        PartitionEntry.SectionEntered entered => state with { Section = entered.Run, SectionQueue = state.SectionQueue.Remove(entered.Run) },
        PartitionEntry.SectionQueued queued => state with { SectionQueue = state.SectionQueue.Remove(queued.Run).Add(queued.Run) },
        PartitionEntry.SectionLeft left => state with
        {
            Section = state.Section == left.Run ? null : state.Section,
            SectionQueue = state.SectionQueue.Remove(left.Run),
            Hold = state.Hold?.Run == left.Run ? null : state.Hold,
        },
        PartitionEntry.Held held => TakeHold(state, held, held.Number ?? state.HoldNumber + 1),
        PartitionEntry.Processed processed => Processed(state, processed.Pin, processed.Run),
        PartitionEntry.Adopted adopted => Processed(state, adopted.Pin, by: null),
        PartitionEntry.Reserved reserved => state with { Claim = new Claim(reserved.ClaimId, reserved.CreatedBy, Run: null, reserved.For) },
        PartitionEntry.ReserveRefused => state,
        PartitionEntry.ClaimBound bound => state with { Claim = state.Claim! with { Run = bound.Run } },
        PartitionEntry.ClaimOver over => state with
        {
            Claim = null,
            FailedClaims = over.Succeeded switch { true => 0, false => state.FailedClaims + 1, null => state.FailedClaims },
        },
        PartitionEntry.DataAwaited awaited => state with
        {
            Awaiting = state.Awaiting.RemoveAll(w => w.Run == awaited.Waiter.Run).Add(awaited.Waiter),
        },
        PartitionEntry.DataAnnounced announced => state with { Awaiting = state.Awaiting.RemoveAll(w => w.Run == announced.Run) },
        _ => ApplyExternal(state, entry),
    };

    private static PartitionState ApplyExternal(PartitionState state, PartitionEntry entry) => entry switch
    {
        PartitionEntry.ExternalCreationBegun begun => state with
        {
            Creations = (state.Creations ?? ExternalCreations.None with { Steps = state.StepsBefore }).Begin(begun.Run, begun.Try, begun.Request, begun.At),
        },
        PartitionEntry.ExternalCreationAsked asked => state with
        {
            Creations = state.Creations!.With(asked.Run, c => c with { Try = asked.Try, Asking = c.Try == asked.Try ? c.Asking.Add(asked.Request) : [asked.Request] }),
        },
        PartitionEntry.ExternalCreationEnded ended => state with
        {
            Creations = state.Creations!.With(ended.Run, c => c with { Asking = [], Claimed = ended.Claimed, EndedAt = ended.At, Failure = ended.Failure }),
        },
        PartitionEntry.Dismissed dismissed => Dismiss(state, dismissed.Pin),
        PartitionEntry.Approved => state with { FailedClaims = 0 },
        PartitionEntry.Released => state,
        _ => RunEntries.Apply(state, entry),
    };

    private static PartitionState Dismiss(PartitionState state, Pin pin) => state with
    {
        Dismissed = pin,
        FailedClaims = 0,
        Inputs = WithoutRows(state, pin),
    };

    private static ImmutableSortedDictionary<TablePath, InputState> WithoutRows(PartitionState state, Pin pin) =>
        state.Inputs.ToImmutableSortedDictionary(i => i.Key, i => i.Value.WithoutRows(i.Key, pin));

    private static InputState InputOf(PartitionState state, TablePath table) => state.Inputs.GetValueOrDefault(table, InputState.Empty);

    private static PartitionState TakeHold(PartitionState state, PartitionEntry.Held held, long number) =>
        (state with { HoldNumber = number, Hold = new Hold(held.Run, held.MarkTry, number) }).With(held.Run, r => r with { HoldNumber = number });

    /// <summary>With a window, several partitions of the table concern the date: their baselines add up.</summary>
    private static PartitionState Seen(PartitionState state, PartitionEntry.BaselineSeen seen)
    {
        var input = InputOf(state, seen.Table);
        var isNewer = seen.LastChange is { } change && !(input.LastChange?.Version >= change.Version);
        input = seen.LastChange is { Rows: > 0 } rows ? input.WithRows(rows.Version, rows.Rows) : input;
        return state with
        {
            Inputs = state.Inputs.SetItem(seen.Table, input with
            {
                ActiveFiles = input.ActiveFiles + seen.Files,
                LastChange = isNewer ? seen.LastChange : input.LastChange,
            }),
        };
    }

    private static PartitionState Seen(PartitionState state, PartitionEntry.ChangeSeen seen)
    {
        var input = InputOf(state, seen.Table);
        input = input with { ActiveFiles = Math.Max(0, input.ActiveFiles + seen.FilesDelta) };
        var isNewest = input.LastChange is not { } last || last.TableId != seen.Change.TableId || last.Version <= seen.Change.Version;
        var isPinned = state.LastProcessed?.Covers(seen.Table, seen.Change.TableId, seen.Change.Version) ?? false;
        if (seen.Affects)
        {
            input = input with { LastChange = isNewest ? seen.Change : input.LastChange };
            input = isPinned ? input : input.WithRows(seen.Change.Version, seen.Change.Rows);
        }

        return state with { Inputs = state.Inputs.SetItem(seen.Table, input) };
    }

    private static PartitionState Processed(PartitionState state, Pin pin, RunId? by) => state with
    {
        LastProcessed = pin,
        LastProcessedBy = by,
        FailedClaims = 0,
        Dismissed = null,
        Inputs = WithoutRows(state, pin),
    };

    /// <summary>Drops the oldest runs that ended, but never the scheduled one: it can be cleared as long as the pipeline lives.</summary>
    private static PartitionState Forget(PartitionState state)
    {
        var ended = state.Runs.Where(r => !r.IsOpen && r.Kind != RunKind.Scheduled).ToList();
        return state with { Runs = state.Runs.RemoveRange(ended.Take(Math.Max(0, ended.Count - PartitionState.EndedRunsKept))) };
    }
}

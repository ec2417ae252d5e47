using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>What entries do to the state.</content>
public sealed partial class BackfillActor
{
    /// <inheritdoc/>
    public override BackfillState Apply(BackfillState state, BackfillEntry entry) => entry switch
    {
        BackfillEntry.LatenessSeen seen => state with
        {
            Schedule = seen.Schedule,
            Late = seen.Late ? state.Late.Add(seen.Date, seen.Schedule) : state.Late.Remove(seen.Date, seen.Schedule),
        },
        BackfillEntry.DefinitionSeen seen => state with { Definition = seen.Definition, Schedule = seen.Definition.Schedule },
        BackfillEntry.Queued queued => Without(state, queued.Request) with { Queue = Without(state, queued.Request).Queue.Add(queued.Request) },
        BackfillEntry.Waiting waiting => Without(state, waiting.Request) with { Waiting = Without(state, waiting.Request).Waiting.Add(waiting.Request) },
        BackfillEntry.Dropped dropped => state with
        {
            Queue = state.Queue.RemoveAll(r => r.Run == dropped.Run && r.Kind != RunKind.External),
            Waiting = state.Waiting.RemoveAll(r => r.Run == dropped.Run),
        },
        BackfillEntry.OrderEnded ended => state with
        {
            Schedule = ended.Schedule ?? state.Schedule,
            Order = state.Order.Complete(ended.Date, ended.Schedule ?? state.Schedule),
        },
        BackfillEntry.ClaimKept kept => state with { Claims = state.Claims.SetItem(kept.Date, kept.Claim) },
        BackfillEntry.ClaimOver over => state with { Claims = state.Claims.Remove(over.Date) },
        BackfillEntry.CreationsReset reset => state with { Order = state.Order.Reset(reset.Dates, reset.Number, reset.Schedule), Schedule = reset.Schedule },
        BackfillEntry.CreationsAdopted adopted => state with { Order = state.Order.Complete(adopted.Dates, adopted.Schedule), Schedule = adopted.Schedule },
        BackfillEntry.Forgetting => state with { Forgetting = true, Queue = [], Waiting = [], Current = state.Current is { } current ? current with { Abandoned = true } : null },
        BackfillEntry.Forgotten => BackfillState.Empty with { Steps = state.Steps, LastClaimAt = state.LastClaimAt },
        BackfillEntry.Begun begun => Without(state, begun.Request) with
        {
            Steps = state.Steps + 1,
            LastClaimAt = begun.At,
            Current = new Creation(begun.Request, begun.ClaimId, state.Steps + 1, begun.At, begun.Tables, [], [], Writing: false, Abandoned: false),
        },
        BackfillEntry.Failed => state with { Current = null },
        BackfillEntry.Created created => state with
        {
            Current = null,
            Claims = state.Claims.SetItems(created.Dates.Where(date => state.Current!.Over?.Contains(date) is not true).Select(date => KeyValuePair.Create(date, ClaimOf(state.Current!)))),
        },
        _ => state with { Current = Apply(state.Current!, entry) },
    };

    private static Creation Apply(Creation creation, BackfillEntry entry) => entry switch
    {
        BackfillEntry.TableSynced synced => creation with { Unsynced = creation.Unsynced.Remove(synced.Table) },
        BackfillEntry.Reserving reserving => creation with { Asked = [.. reserving.Dates] },
        BackfillEntry.Answered answered => creation with
        {
            Asked = creation.Asked.Remove(answered.Date),
            Reserved = answered.Refusal is null ? creation.Reserved.Add(answered.Date) : creation.Reserved,
        },
        BackfillEntry.GivingUp giving => creation with { GivingUp = [.. giving.Dates] },
        BackfillEntry.GivenUp given => creation with { GivingUp = creation.GivingUp!.Remove(given.Date) },
        BackfillEntry.OverEarly over => creation with { Over = [.. creation.Over ?? [], over.Date] },
        BackfillEntry.WriteBegun => creation with { Writing = true },
        BackfillEntry.Abandoned => creation with { Abandoned = true },
        _ => throw new UnreachableException(),
    };

    private static LiveClaim ClaimOf(Creation creation) => new(
        creation.ClaimId, creation.Request.Run, creation.Request.Step, creation.Request.Kind == RunKind.External ? creation.Request.Date : null);

    /// <summary>Runs of ours have ids of their own; one that something else runs may ask for several dates.</summary>
    private static BackfillState Without(BackfillState state, CreationRequest request) => state with
    {
        Queue = state.Queue.RemoveAll(r => r.Run == request.Run && r.Date == request.Date),
        Waiting = state.Waiting.RemoveAll(r => r.Run == request.Run && r.Date == request.Date),
    };
}

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
        BackfillEntry.Queued queued => Without(state, queued.Request.Run) with { Queue = Without(state, queued.Request.Run).Queue.Add(queued.Request) },
        BackfillEntry.Waiting waiting => Without(state, waiting.Request.Run) with { Waiting = Without(state, waiting.Request.Run).Waiting.Add(waiting.Request) },
        BackfillEntry.Dropped dropped => Without(state, dropped.Run),
        BackfillEntry.OrderEnded ended => state with
        {
            Schedule = ended.Schedule ?? state.Schedule,
            Order = state.Order.Complete(ended.Date, ended.Schedule ?? state.Schedule),
        },
        BackfillEntry.ClaimOver over => state with { Claims = state.Claims.Remove(over.Date) },
        BackfillEntry.CreationsReset reset => state with { Order = state.Order.Reset(reset.Dates, reset.Number, reset.Schedule), Schedule = reset.Schedule },
        BackfillEntry.Begun begun => Without(state, begun.Request.Run) with
        {
            Steps = state.Steps + 1,
            LastClaimAt = begun.At,
            Current = new Creation(begun.Request, begun.ClaimId, state.Steps + 1, begun.At, begun.Tables, [], [], Writing: false, Abandoned: false),
        },
        BackfillEntry.Failed => state with { Current = null },
        BackfillEntry.Created created => state with
        {
            Current = null,
            Claims = state.Claims.SetItems(created.Dates.Select(date => KeyValuePair.Create(date, ClaimOf(state.Current!)))),
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
        BackfillEntry.WriteBegun => creation with { Writing = true },
        BackfillEntry.Abandoned => creation with { Abandoned = true },
        _ => throw new UnreachableException(),
    };

    private static LiveClaim ClaimOf(Creation creation) => new(creation.ClaimId, creation.Request.Run, creation.Request.Step);

    private static BackfillState Without(BackfillState state, RunId run) => state with
    {
        Queue = state.Queue.RemoveAll(r => r.Run == run),
        Waiting = state.Waiting.RemoveAll(r => r.Run == run),
    };
}

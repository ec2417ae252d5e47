using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>What the inputs hold, and what makes the partition late.</content>
public sealed partial class PartitionActor
{
    private static void Change(PartitionTurn turn, PartitionMessage.Changed changed)
    {
        turn.Record(new PartitionEntry.ChangeSeen(changed.Table, changed.Change, changed.FilesDelta, changed.Affects));
        AnnounceData(turn);
        if (turn.State.IsLate)
        {
            // The backfill singleton acknowledges to the watcher: once it knows, a creation that synced cannot miss the change.
            ReportLateness(turn, new ChangeSource(changed.Table, changed.Change.Version));
        }
        else
        {
            turn.Send(ActorIds.Watcher(changed.Table), new WatcherMessage.ChangeAcknowledged(changed.Change.Version));
        }
    }

    private static void Baseline(PartitionTurn turn, PartitionMessage.Baselined baselined)
    {
        var change = baselined.LastChange is { } version
            ? new InputChange(baselined.TableId, version, baselined.At, baselined.Rows, 0)
            : null;
        turn.Record(new PartitionEntry.BaselineSeen(baselined.Table, baselined.Files, change));
        AnnounceData(turn);
        ReportLatenessIfChanged(turn);
        if (baselined.Version is { } read)
        {
            turn.Send(ActorIds.Watcher(baselined.Table), new WatcherMessage.ChangeAcknowledged(read));
        }
    }

    private static void ReportLatenessIfChanged(PartitionTurn turn)
    {
        if (turn.State.IsLate != turn.State.ReportedLate)
        {
            ReportLateness(turn, source: null);
        }
    }

    private static void ReportLateness(PartitionTurn turn, ChangeSource? source)
    {
        turn.SendBackfill(new BackfillMessage.LatenessChanged(turn.Date, turn.State.IsLate, turn.Definition.Schedule, source));
        turn.Record(new PartitionEntry.LatenessReported(turn.State.IsLate));
    }

    private static void AwaitData(PartitionTurn turn, PartitionMessage.AwaitData await)
    {
        var waiter = new DataWaiter(await.Table, await.Date, await.Run, await.Step);
        if (HoldsData(turn, await.Table))
        {
            Tell(turn, waiter, new PartitionMessage.DataFound(waiter.Run, waiter.Step));
            return;
        }

        turn.Record(new PartitionEntry.DataAwaited(waiter));
        Tell(turn, waiter, new PartitionMessage.DataMissing(waiter.Run, waiter.Step));
    }

    private static void AnnounceData(PartitionTurn turn)
    {
        foreach (var waiter in turn.State.Awaiting.Where(w => HoldsData(turn, w.Table)))
        {
            Tell(turn, waiter, new PartitionMessage.DataFound(waiter.Run, waiter.Step));
            turn.Record(new PartitionEntry.DataAnnounced(waiter.Run));
        }
    }

    private static bool HoldsData(PartitionTurn turn, TablePath table) => turn.State.Inputs.GetValueOrDefault(table)?.ActiveFiles > 0;

    private static void Tell(PartitionTurn turn, DataWaiter waiter, PartitionMessage message) =>
        turn.Send(ActorIds.Partition(turn.Pipeline, waiter.Date), message);
}

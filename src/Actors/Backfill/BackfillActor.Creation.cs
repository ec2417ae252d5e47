using System.Collections.Immutable;
using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>The creation under way, step by step.</content>
public sealed partial class BackfillActor
{
    private static void BeginNext(Turn<BackfillState, BackfillEntry> turn)
    {
        while (turn.State is { Current: null, Queue: [var request, ..] })
        {
            if (!IsInOrder(turn.State, request))
            {
                turn.Record(new BackfillEntry.Waiting(request));
                SendPartition(turn, request.Date, new PartitionMessage.CreationWaits(request.Run, request.Step));
                continue;
            }

            var floor = turn.State.LastClaimAt.AddMilliseconds(1);
            var at = turn.Now > floor ? turn.Now : floor;
            var tables = turn.State.Definition!.Inputs.Select(i => i.Table).ToImmutableArray();
            turn.Record(new BackfillEntry.Begun(request, ClaimIdOf(request), at, tables));
            BeginGivingUp(turn, request);
            foreach (var table in tables)
            {
                turn.Send(ActorIds.Watcher(table), new WatcherMessage.SyncRequested(turn.Self, turn.State.Steps));
            }
        }
    }

    private static void AdvanceCreation(Turn<BackfillState, BackfillEntry> turn, BackfillMessage message)
    {
        switch (message)
        {
            case BackfillMessage.Synced synced when turn.State.Current is { } current && current.Step == synced.Step:
                turn.Record(new BackfillEntry.TableSynced(synced.Table));
                if (turn.State.Current!.MayReserve)
                {
                    Reserve(turn, turn.State.Current);
                }

                break;
            case BackfillMessage.SyncFailed failed when turn.State.Current is { } current && current.Step == failed.Step:
                FailCreation(turn, current, failed.Reason);
                break;
            case BackfillMessage.ReserveAnswered answered when turn.State.Current is { } current && current.ClaimId == answered.ClaimId:
                turn.Record(new BackfillEntry.Answered(answered.Date, answered.Refusal));
                GoOn(turn);
                break;
            case BackfillMessage.WriteEnded ended when turn.State.Current is { Writing: true } current && ended.Activity.Id == WriteId(current):
                EndWrite(turn, current, ended.Activity);
                break;
            case BackfillMessage.Synced or BackfillMessage.SyncFailed or BackfillMessage.ReserveAnswered or BackfillMessage.WriteEnded:
                // The answer to a creation that has ended.
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Reserve(Turn<BackfillState, BackfillEntry> turn, Creation creation)
    {
        var definition = turn.State.Definition!;
        var earliest = definition.Lookback is { } lookback ? definition.Schedule.Shift(creation.Request.Date, -lookback) : (LogicalDate?)null;
        var room = Math.Min(BackfillState.MostClaimsOfOne, BackfillState.MostClaims - turn.State.Claims.Count);
        var dates = turn.State.Late.Dates(turn.State.Schedule)
            .TakeWhile(date => date < creation.Request.Date)
            .Where(date => !(date < earliest) && !turn.State.Claims.ContainsKey(date))
            .Take(Math.Max(0, room)).ToImmutableArray();
        turn.Record(new BackfillEntry.Reserving(dates));
        foreach (var date in dates)
        {
            SendPartition(turn, date, new PartitionMessage.Reserve(creation.ClaimId, creation.Request.Date, creation.Request.Run, definition.MinRows, creation.Request.Kind == RunKind.External ? true : null));
        }

        GoOn(turn);
    }

    /// <summary>Goes on once every partition that was asked has answered, and nothing is being written.</summary>
    private static void GoOn(Turn<BackfillState, BackfillEntry> turn)
    {
        var creation = turn.State.Current!;
        if (!creation.Asked.IsEmpty || creation.Writing)
        {
            return;
        }

        if (creation.Abandoned)
        {
            Release(turn, creation);
            turn.Record(new BackfillEntry.Failed("nobody wants it any more"));
        }
        else if (creation.MayReserve)
        {
            var definition = turn.State.Definition!;
            turn.Record(new BackfillEntry.WriteBegun());
            turn.Start(WriteId(creation), WriteConfiguration.Kind, new WriteConfiguration(
                definition.ConfigurationFolder,
                ConfigurationFile.NameOf(definition, creation.Request.Date),
                [.. creation.Reserved.Select(definition.Primary.PartitionOf)]));
        }
    }

    private static string WriteId(Creation creation) => $"write/{creation.ClaimId}";

    private static void EndWrite(Turn<BackfillState, BackfillEntry> turn, Creation creation, ActivityEnded activity)
    {
        if (creation.Abandoned)
        {
            Release(turn, creation);
            turn.Record(new BackfillEntry.Failed("nobody wants it any more"));
            return;
        }

        if (activity.Outcome != ActivityOutcome.Completed)
        {
            FailCreation(turn, creation, activity.Error ?? "writing the configuration file was stopped");
            return;
        }

        var request = creation.Request;
        turn.Record(new BackfillEntry.Created([.. creation.Reserved]));
        SendPartition(turn, request.Date, new PartitionMessage.Created(
            request.Run, request.Step, new ClaimedPartitions(creation.ClaimId, creation.At, [.. creation.Reserved])));
        if (request.Kind == RunKind.Scheduled)
        {
            EndInOrder(turn, request.Date, request.ClearNumber, schedule: null);
        }
    }

    private static void FailCreation(Turn<BackfillState, BackfillEntry> turn, Creation creation, string reason)
    {
        Release(turn, creation);
        turn.Record(new BackfillEntry.Failed(reason));
        if (!creation.Abandoned)
        {
            SendPartition(turn, creation.Request.Date, new PartitionMessage.CreationFailed(creation.Request.Run, creation.Request.Step, reason));
        }
    }

    private static void Release(Turn<BackfillState, BackfillEntry> turn, Creation creation)
    {
        foreach (var date in creation.Reserved)
        {
            SendPartition(turn, date, new PartitionMessage.ReleaseClaim(creation.ClaimId));
        }
    }
}

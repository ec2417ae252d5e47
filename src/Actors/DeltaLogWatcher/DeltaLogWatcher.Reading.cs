using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>What was read, and who is told.</content>
public sealed partial class DeltaLogWatcher
{
    private static void EndRead(Turn<WatcherState, WatcherEntry> turn, ActivityEnded activity)
    {
        var reading = turn.State.Reading;
        if (reading is null || activity.Id != $"read/{reading.Number}")
        {
            return;
        }

        turn.Record(new WatcherEntry.ReadOver());
        if (activity.Outcome != ActivityOutcome.Completed)
        {
            Stop(turn, new TableProblem("Unreadable", activity.Error ?? $"Reading the log of {TableOf(turn)} was stopped."));
        }
        else if (activity.Kind == ReadBaseline.Kind)
        {
            EndBaseline(turn, reading, activity.OutputAs<BaselineRead>());
        }
        else
        {
            EndCommits(turn, reading, activity.OutputAs<CommitsRead>());
        }

        ProjectTable(turn);
    }

    private static void EndBaseline(Turn<WatcherState, WatcherEntry> turn, WatcherRead reading, BaselineRead read)
    {
        var problem = read.Problem ?? (turn.State.TableId is { } known && known != read.TableId
            ? new TableProblem("TableRecreated", $"{TableOf(turn)} was {known} and is now {read.TableId}: it was recreated, and what it held is not what was processed.")
            : null);
        if (problem is not null)
        {
            Stop(turn, problem);
            return;
        }

        var subscription = turn.State.Subscriptions.Find(s => s.Pipeline == reading.BaselineOf)!;
        var sent = 0;
        foreach (var partition in read.Partitions)
        {
            foreach (var (date, affects, own) in Reached(subscription, partition.Values))
            {
                turn.Send(ActorIds.Partition(subscription.Pipeline, date), new PartitionMessage.Baselined(
                    subscription.Input.Table, read.TableId, own ? partition.Files : 0, affects ? partition.LastChange : null, partition.At, read.Version, affects ? partition.Rows : 0));
                sent++;
            }
        }

        if (sent > 0)
        {
            turn.Record(new WatcherEntry.ChangesSent(read.Version, sent));
        }

        turn.Record(new WatcherEntry.BaselineSent(subscription.Pipeline, read.TableId, new LogCursor(read.Version, 0, read.Fingerprint), read.Partitions.Length, read.AtEnd));
        Resume(turn);
        if (read.AtEnd)
        {
            turn.Send(ActorIds.Pipeline(subscription.Pipeline), new PipelineMessage.Subscribed(TableOf(turn)));
        }
    }

    private static void EndCommits(Turn<WatcherState, WatcherEntry> turn, WatcherRead reading, CommitsRead read)
    {
        foreach (var commit in read.Commits)
        {
            PassOn(turn, commit, read.TableId!);
        }

        if (read.TableId is { } tableId)
        {
            turn.Record(new WatcherEntry.CommitsPassedOn(tableId, read.Cursor));
        }

        if (read.Problem is not null)
        {
            Stop(turn, read.Problem);
        }
        else if (read.AtEnd)
        {
            Resume(turn);
            AnswerCatchUps(turn, reading.Number);
        }
        else
        {
            StartRead(turn);
        }
    }

    private static void PassOn(Turn<WatcherState, WatcherEntry> turn, CommitSeen commit, string tableId)
    {
        var sent = 0;
        var nowhere = 0;
        foreach (var change in commit.Changes)
        {
            var concerns = false;
            foreach (var subscription in turn.State.Subscriptions)
            {
                foreach (var (date, affects, own) in Reached(subscription, change.Values))
                {
                    concerns = true;
                    if (!subscription.Baselined)
                    {
                        // It will be part of the baseline, which is of the version that this read leads to.
                        break;
                    }

                    turn.Send(ActorIds.Partition(subscription.Pipeline, date), new PartitionMessage.Changed(
                        subscription.Input.Table,
                        new InputChange(tableId, commit.Version, commit.At, change.Rows, change.Bytes),
                        own ? change.FilesAdded - change.FilesRemoved : 0,
                        affects && change.DataChange && commit.Pipeline != subscription.Pipeline));
                    sent++;
                }
            }

            nowhere += !concerns && change.DataChange ? 1 : 0;
        }

        if (sent > 0)
        {
            turn.Record(new WatcherEntry.ChangesSent(commit.Version, sent));
        }

        ProjectCommit(turn, commit, nowhere);
    }

    /// <summary>The dates that a partition's change reaches: those that it affects by the window, and its own, whose data a sensor may wait for.</summary>
    private static IEnumerable<(LogicalDate Date, bool Affects, bool Own)> Reached(Subscription subscription, ImmutableSortedDictionary<string, string?> values)
    {
        var input = subscription.Input;
        var schedule = subscription.Schedule;
        if (input.DateOf(values.GetValueOrDefault(input.Column)) is not { } own || !schedule.HasBoundaryAt(own))
        {
            yield break;
        }

        for (var shift = -input.To; shift <= -input.From; shift++)
        {
            var date = schedule.Shift(own, shift);
            if (date >= subscription.Start)
            {
                yield return (date, true, shift == 0);
            }
        }

        if ((input.From > 0 || input.To < 0) && own >= subscription.Start)
        {
            yield return (own, false, true);
        }
    }

    private static void AnswerCatchUps(Turn<WatcherState, WatcherEntry> turn, long readNumber)
    {
        var pin = new TablePin(turn.State.TableId!, turn.State.Cursor.Version);
        foreach (var waiting in turn.State.Waiting.Where(w => w.FromRead <= readNumber))
        {
            if (waiting.Run is { } run)
            {
                turn.Send(waiting.By, new PartitionMessage.Pinned(run, waiting.Step, TableOf(turn), pin));
            }

            var sync = waiting.Run is null ? new PendingSync(waiting.By, waiting.Step, pin.Version, waiting.Request) : null;
            turn.Record(new WatcherEntry.CatchUpOver(waiting.By, waiting.Run, waiting.Step, sync, waiting.Request));
        }

        AnswerSyncs(turn);
    }

    private static void AnswerSyncs(Turn<WatcherState, WatcherEntry> turn)
    {
        foreach (var sync in turn.State.Syncs)
        {
            if (!turn.State.Unacknowledged.Keys.Any(version => version <= sync.Version))
            {
                if (sync.Request is { } request)
                {
                    turn.Reply(request, new SyncReply(sync.Version));
                }
                else
                {
                    turn.Send(sync.By, (sync.By.Kind, sync.Step) switch
                    {
                        (ActorIds.PipelineKind, Unsubscribing) => new PipelineMessage.Unsubscribed(TableOf(turn)),
                        (ActorIds.PipelineKind, _) => new PipelineMessage.Synced(sync.Step, TableOf(turn), new TablePin(turn.State.TableId!, sync.Version)),
                        _ => new BackfillMessage.Synced(sync.Step, TableOf(turn), sync.Version),
                    });
                }

                turn.Record(new WatcherEntry.SyncOver(sync.By, sync.Step, sync.Request));
            }
        }
    }

    private static void Stop(Turn<WatcherState, WatcherEntry> turn, TableProblem problem)
    {
        if (turn.State.Problem != problem)
        {
            turn.Record(new WatcherEntry.Stopped(problem));
        }

        foreach (var waiting in turn.State.Waiting)
        {
            if (waiting.Run is { } run)
            {
                turn.Send(waiting.By, new PartitionMessage.PinFailed(run, waiting.Step, problem.Message));
            }
            else if (waiting.Request is { } request)
            {
                turn.Refuse(request, ReplyStatus.FailedPrecondition, problem.Message);
            }
            else
            {
                turn.Send(waiting.By, waiting.By.Kind == ActorIds.PipelineKind
                    ? new PipelineMessage.SyncFailed(waiting.Step, problem.Message)
                    : new BackfillMessage.SyncFailed(waiting.Step, problem.Message));
            }

            turn.Record(new WatcherEntry.CatchUpOver(waiting.By, waiting.Run, waiting.Step, Sync: null, waiting.Request));
        }

        turn.SetTimer(Retry, turn.Now + AfterProblem, new WatcherMessage.RetryDue());
    }

    private static void Resume(Turn<WatcherState, WatcherEntry> turn)
    {
        if (turn.State.Problem is not null)
        {
            turn.Record(new WatcherEntry.Resumed());
            turn.CancelTimer(Retry);
        }
    }

    private static void ProjectCommit(Turn<WatcherState, WatcherEntry> turn, CommitSeen commit, int nowhere)
    {
        var table = TableOf(turn);
        var first = commit.Changes.IsEmpty ? "" : string.Join('/', commit.Changes[0].Values.Select(v => $"{v.Key}={v.Value}"));
        turn.Project(Projections.Commits, $"{table}/{commit.Version:D20}/{first}", new CommitRow(
            table, commit.Version, commit.At, commit.Pipeline, commit.Run, commit.Changes.Length, nowhere,
            commit.Changes.Sum(c => c.FilesAdded), commit.Changes.Sum(c => c.FilesRemoved),
            commit.Changes.Sum(c => c.Rows), commit.Changes.Sum(c => c.Bytes), commit.Changes.Any(c => c.DataChange)));
    }

    private static void ProjectTable(Turn<WatcherState, WatcherEntry> turn) =>
        turn.Project(Projections.Tables, turn.Self.Key, new TableRow(
            TableOf(turn), turn.State.TableId, turn.State.Cursor.Version, [.. turn.State.Subscriptions.Select(s => s.Pipeline)], turn.State.Problem));
}

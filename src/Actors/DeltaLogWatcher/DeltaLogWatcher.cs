using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>Tails the log of one table and tells the partitions of every pipeline that reads it what changed. Guarantees that
/// each commit is passed on once, in order (invariant 8), and that nobody is told of a version as synced before its changes have arrived.
/// One read is under way at a time; its cost follows the new commits.</summary>
public sealed partial class DeltaLogWatcher : Actor<WatcherState, WatcherMessage, WatcherEntry>
{
    /// <summary>With more changes than this on their way, reading waits.</summary>
    private const int MostUnacknowledged = 2000;

    /// <summary>How many messages one read may lead to.</summary>
    private const int MostSends = 500;

    /// <summary>How many calls may wait for it at a time.</summary>
    private const int MostCallers = 64;

    /// <summary>The step of a pipeline that is going; those by which it takes over what was processed elsewhere are higher.</summary>
    private const long Unsubscribing = 0;

    private const string Retry = "retry";
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterProblem = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.WatcherKind);

    /// <inheritdoc/>
    public override WatcherState Initial(string key) => WatcherState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<WatcherState, WatcherEntry> turn, WatcherMessage message)
    {
        switch (message)
        {
            case WatcherMessage.Subscribe subscribe:
                Subscribe(turn, subscribe);
                break;
            case WatcherMessage.Unsubscribe unsubscribe:
                Unsubscribe(turn, unsubscribe.Pipeline);
                break;
            case WatcherMessage.PinRequested pin:
                AskCatchUp(turn, new CatchUp(pin.By, pin.Run, pin.Step, turn.State.ReadsStarted + 1));
                break;
            case WatcherMessage.SyncRequested sync:
                AskCatchUp(turn, new CatchUp(sync.By, Run: null, sync.Step, turn.State.ReadsStarted + 1));
                break;
            case WatcherMessage.Sync sync:
                Sync(turn, sync.Request);
                break;
            case WatcherMessage.ChangeAcknowledged acknowledged:
                turn.Record(new WatcherEntry.ChangeReached(acknowledged.Version));
                AnswerSyncs(turn);
                break;
            case WatcherMessage.ReadEnded ended:
                EndRead(turn, ended.Activity);
                break;
            case WatcherMessage.WaitEnded ended:
                turn.Record(new WatcherEntry.WaitOver());
                EndWait(turn, ended.Activity);
                break;
            case WatcherMessage.RetryDue:
                StartRead(turn);
                break;
            default:
                throw new UnreachableException();
        }

        GoOn(turn);
    }

    /// <inheritdoc/>
    protected override WatcherMessage FromActivity(ActivityEnded ended) =>
        ended.Kind == AwaitCommit.Kind ? new WatcherMessage.WaitEnded(ended) : new WatcherMessage.ReadEnded(ended);

    private static TablePath TableOf(Turn<WatcherState, WatcherEntry> turn) => TablePath.Parse(turn.Self.Key);

    private static void Subscribe(Turn<WatcherState, WatcherEntry> turn, WatcherMessage.Subscribe subscribe)
    {
        var known = turn.State.Subscriptions.Find(s => s.Pipeline == subscribe.Pipeline);
        if (known is null)
        {
            turn.Record(new WatcherEntry.SubscriptionMade(new Subscription(
                subscribe.Pipeline, subscribe.Input, subscribe.Schedule, subscribe.Start, Baselined: false, BaselineOffset: 0)));
        }
        else if (known.Baselined)
        {
            turn.Send(ActorIds.Pipeline(subscribe.Pipeline), new PipelineMessage.Subscribed(TableOf(turn)));
        }
    }

    private static void Unsubscribe(Turn<WatcherState, WatcherEntry> turn, PipelineName pipeline)
    {
        if (turn.State.Reading is { BaselineOf: { } reading } read && reading == pipeline)
        {
            turn.Cancel($"read/{read.Number}");
        }

        var latest = turn.State.Unacknowledged.Keys.Append(turn.State.Cursor.Version).Max();
        turn.Record(new WatcherEntry.SubscriptionEnded(pipeline, new PendingSync(ActorIds.Pipeline(pipeline), Unsubscribing, latest)));
        ProjectTable(turn);
        AnswerSyncs(turn);
    }

    private static void AskCatchUp(Turn<WatcherState, WatcherEntry> turn, CatchUp catchUp) =>
        turn.Record(new WatcherEntry.CatchUpAsked(catchUp));

    private static void Sync(Turn<WatcherState, WatcherEntry> turn, RequestId request)
    {
        if (turn.State.Subscriptions.IsEmpty)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"No pipeline reads {TableOf(turn)}: there is nobody to tell of its changes.");
        }
        else if (turn.State.Waiting.Count(w => w.Request is not null) + turn.State.Syncs.Count(s => s.Request is not null) >= MostCallers)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"{MostCallers} calls wait for {TableOf(turn)} already: ask later, by another request id.");
        }
        else
        {
            AskCatchUp(turn, new CatchUp(turn.Self, Run: null, Step: 0, turn.State.ReadsStarted + 1, request));
        }
    }

    private static void EndWait(Turn<WatcherState, WatcherEntry> turn, ActivityEnded activity)
    {
        if (activity.Outcome == ActivityOutcome.Completed)
        {
            StartRead(turn);
        }
        else
        {
            turn.SetTimer(Retry, turn.Now + AfterFailure, new WatcherMessage.RetryDue());
        }
    }

    /// <summary>Starts what there is to do: a baseline, a read that somebody waits for, or waiting for the log to grow.</summary>
    private static void GoOn(Turn<WatcherState, WatcherEntry> turn)
    {
        if (turn.State.IsIdle)
        {
            turn.Record(new WatcherEntry.Forgotten());
            turn.CancelTimer(Retry);
            turn.Unproject(Projections.Tables, turn.Self.Key);
            return;
        }

        var state = turn.State;
        if (state.Reading is null && ((state.Unbaselined is not null && state.Problem is null) || !state.Waiting.IsEmpty))
        {
            StartRead(turn);
        }

        // While reading is held back there is nothing to wait for: the log has grown already. Acknowledgements get it going again.
        if (turn.State is { Reading: null, Awaiting: false, Problem: null, TableId: not null } && !IsHeldBack(turn.State))
        {
            turn.Record(new WatcherEntry.WaitStarted());
            turn.Start($"await/{turn.State.ReadsStarted}", AwaitCommit.Kind, new AwaitCommit(TableOf(turn), turn.State.Cursor.Version));
        }
    }

    private static void StartRead(Turn<WatcherState, WatcherEntry> turn)
    {
        var state = turn.State;
        var baseline = state.Cursor.Offset == 0 ? state.Unbaselined : null;
        if (state.Reading is not null || (baseline is null && IsHeldBack(state)))
        {
            return;
        }

        if (baseline is null && state.TableId is null)
        {
            // A run asks before the subscription of its pipeline has arrived. Reading begins with that one's baseline: the log's first commits may be long gone.
            return;
        }

        turn.Record(new WatcherEntry.ReadStarted(state.ReadsStarted + 1, baseline?.Pipeline));
        var id = $"read/{turn.State.ReadsStarted}";
        if (baseline is not null)
        {
            long? version = state.TableId is null ? null : state.Cursor.Version;
            turn.Start(id, ReadBaseline.Kind, new ReadBaseline(TableOf(turn), version, baseline.BaselineOffset, MostSends / SpanOf(baseline)));
        }
        else
        {
            var span = Math.Max(1, state.Subscriptions.Sum(SpanOf));
            turn.Start(id, ReadCommits.Kind, new ReadCommits(TableOf(turn), state.TableId, state.Cursor, Math.Max(1, MostSends / span)));
        }
    }

    private static bool IsHeldBack(WatcherState state) => state.Unacknowledged.Values.Sum() > MostUnacknowledged;

    private static int SpanOf(Subscription subscription) => subscription.Input.To - subscription.Input.From + 2;
}

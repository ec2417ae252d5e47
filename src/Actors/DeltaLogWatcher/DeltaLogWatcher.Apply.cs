using System.Diagnostics;

namespace Latecomer.Actors;

/// <content>What entries do to the state.</content>
public sealed partial class DeltaLogWatcher
{
    /// <inheritdoc/>
    public override WatcherState Apply(WatcherState state, WatcherEntry entry) => entry switch
    {
        WatcherEntry.SubscriptionMade made => state with { Subscriptions = state.Subscriptions.Add(made.Subscription) },
        WatcherEntry.SubscriptionEnded ended => state with
        {
            Subscriptions = state.Subscriptions.RemoveAll(s => s.Pipeline == ended.Pipeline),
            Reading = state.Reading?.BaselineOf == ended.Pipeline ? null : state.Reading,
            Waiting = state.Waiting.RemoveAll(w => ActorIds.PipelineOf(w.By) == ended.Pipeline),
            Syncs = state.Syncs.RemoveAll(s => ActorIds.PipelineOf(s.By) == ended.Pipeline).Add(ended.Sync),
        },

        // Its wait for the log to grow may go on: there is one at a time.
        WatcherEntry.Forgotten => WatcherState.Empty with { ReadsStarted = state.ReadsStarted, Awaiting = state.Awaiting },
        WatcherEntry.BaselineSent sent => Baselined(state, sent),
        WatcherEntry.ReadStarted started => state with { ReadsStarted = started.Number, Reading = new WatcherRead(started.Number, started.BaselineOf) },
        WatcherEntry.ReadOver => state with { Reading = null },
        WatcherEntry.CommitsPassedOn passed => state with { TableId = passed.TableId, Cursor = passed.Cursor },
        WatcherEntry.ChangesSent sent => state with
        {
            Unacknowledged = state.Unacknowledged.SetItem(sent.Version, state.Unacknowledged.GetValueOrDefault(sent.Version) + sent.Count),
        },
        WatcherEntry.ChangeReached reached => Reached(state, reached.Version),
        WatcherEntry.CatchUpAsked asked => state with { Waiting = state.Waiting.Add(asked.CatchUp) },
        WatcherEntry.CatchUpOver over => state with
        {
            Waiting = state.Waiting.RemoveAll(w => w.By == over.By && w.Run == over.Run && w.Step == over.Step && w.Request == over.Request),
            Syncs = over.Sync is null ? state.Syncs : state.Syncs.Add(over.Sync),
        },
        WatcherEntry.SyncOver over => state with { Syncs = state.Syncs.RemoveAll(s => s.By == over.By && s.Step == over.Step && s.Request == over.Request) },
        WatcherEntry.WaitStarted => state with { Awaiting = true },
        WatcherEntry.WaitOver => state with { Awaiting = false },
        WatcherEntry.Stopped stopped => state with { Problem = stopped.Problem },
        WatcherEntry.Resumed => state with { Problem = null },
        _ => throw new UnreachableException(),
    };

    private static WatcherState Baselined(WatcherState state, WatcherEntry.BaselineSent sent)
    {
        var subscription = state.Subscriptions.Find(s => s.Pipeline == sent.Pipeline)!;
        return state with
        {
            TableId = sent.TableId,
            Cursor = state.TableId is null ? sent.Cursor : state.Cursor,
            Subscriptions = state.Subscriptions.Replace(subscription, subscription with
            {
                BaselineOffset = subscription.BaselineOffset + sent.Partitions,
                Baselined = sent.Complete,
            }),
        };
    }

    private static WatcherState Reached(WatcherState state, long version)
    {
        var left = state.Unacknowledged.GetValueOrDefault(version) - 1;
        return state with
        {
            Unacknowledged = left > 0 ? state.Unacknowledged.SetItem(version, left) : state.Unacknowledged.Remove(version),
        };
    }
}

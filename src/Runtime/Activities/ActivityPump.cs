using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Latecomer.Runtime;

/// <summary>
/// Gets activities of a node's shards to their handlers and their ends back. Claiming, running and completing are steps of their own: a
/// simulation makes each by itself, a node makes them in loops. Only <see cref="Run"/> calls handlers; the other steps complete
/// synchronously when the store does.
/// </summary>
public sealed class ActivityPump
{
    private readonly NodeServices _services;
    private readonly FrozenDictionary<string, IActivityHandler> _handlers;
    private readonly ConcurrentDictionary<ActivityKey, RunningActivity> _running = [];

    /// <summary>Runs activities by <paramref name="handlers"/>.</summary>
    /// <exception cref="ArgumentException">Two handlers share a kind.</exception>
    public ActivityPump(NodeServices services, IEnumerable<IActivityHandler> handlers)
    {
        _services = services;
        _handlers = handlers.ToFrozenDictionary(h => h.Kind, StringComparer.Ordinal);
    }

    /// <summary>Activities that were claimed and whose end is not durable yet.</summary>
    public int Running => _running.Count;

    /// <summary>Claims activities of the shards, as many as the node has places free; those that only wait take none, or a few tables that
    /// nobody writes to would keep all work from being run. Each is to be run and completed. Not called again before it has ended.</summary>
    public async ValueTask<IReadOnlyList<RunningActivity>> Claim(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var free = _services.Settings.ActivitiesAtOnce - _running.Values.Count(a => !OnlyWaits(a));
        if (free <= 0)
        {
            return [];
        }

        var claimed = await _services.Store.Activities.Claim(shards, _services.Self.Incarnation, [.. _running.Keys], free, cancellation);
        var running = new List<RunningActivity>();
        foreach (var assignment in claimed)
        {
            var activity = new RunningActivity(assignment);
            _running[assignment.Key] = activity;
            running.Add(activity);
        }

        return running;
    }

    /// <summary>Asks those to stop whose actors asked for it.</summary>
    public async ValueTask StopCancelled(CancellationToken cancellation)
    {
        if (_running.IsEmpty)
        {
            return;
        }

        foreach (var key in await _services.Store.Activities.CancelRequested(_services.Self.Incarnation, cancellation))
        {
            if (_running.TryGetValue(key, out var activity))
            {
                await Stop(activity, activity.Cancel());
            }
        }
    }

    /// <summary>Asks those that only wait to stop because the node is about to end, as <see cref="StopAll"/> does.</summary>
    public ValueTask StopWaiting() =>
        Abandon(_running.Values.Where(OnlyWaits));

    /// <summary>Asks all to stop because the node ends. Their ends, unless they come to a regular one, are not reported: others run them again.</summary>
    public ValueTask StopAll() => Abandon(_running.Values);

    /// <summary>Runs an activity's handler to its end.</summary>
    /// <returns>The end to report; null if there is none, because the node ends before the work did.</returns>
    public async Task<ActivityEnded?> Run(RunningActivity activity)
    {
        var assignment = activity.Assignment;
        if (assignment is { CancelRequested: true, Attempt: 1 })
        {
            return End(assignment, ActivityOutcome.Cancelled);
        }

        if (!_handlers.TryGetValue(assignment.Kind, out var handler))
        {
            return End(assignment, ActivityOutcome.Failed, error: $"This build runs no activities of kind '{assignment.Kind}'.");
        }

        _services.Observer.ActivityStarted(_services.Self, assignment);
        try
        {
            var output = await handler.Run(assignment, activity.Stop);
            return End(assignment, ActivityOutcome.Completed, output);
        }
        catch (Exception) when (activity.IsAbandoned)
        {
            return null;
        }
        catch (OperationCanceledException) when (activity.Stop.IsCancellationRequested)
        {
            return End(assignment, ActivityOutcome.Cancelled);
        }
        catch (ActivityFailedException failure)
        {
            return End(assignment, ActivityOutcome.Failed, error: failure.Message);
        }
        catch (Exception fault)
        {
            _services.Observer.Fault(_services.Self, $"running the activity {assignment.Key}", fault);
            return End(assignment, ActivityOutcome.Failed, error: $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    /// <summary>Reports an end. False if the activity is not this node's any more; the actor hears of another end then.</summary>
    public async ValueTask<bool> Complete(RunningActivity activity, ActivityEnded ended, CancellationToken cancellation)
    {
        var assignment = activity.Assignment;
        var accepted = await _services.Store.Activities.Complete(
            assignment, _services.Self.Incarnation, ActivityEndedFormat.Write(ended), cancellation);
        Forget(activity);
        if (accepted)
        {
            _services.Observer.ActivityEnded(_services.Self, assignment, ended);
            _services.Hints.Publish(new Hint.MailArrived(assignment.Shard));
        }

        return accepted;
    }

    /// <summary>Frees the place of an activity whose end will not be reported.</summary>
    public void Forget(RunningActivity activity)
    {
        _running.TryRemove(KeyValuePair.Create(activity.Assignment.Key, activity));
        activity.Dispose();
    }

    private async ValueTask Abandon(IEnumerable<RunningActivity> activities) =>
        await Task.WhenAll(activities.Select(activity => Stop(activity, activity.Abandon()).AsTask()));

    /// <summary>What a handler does on being told to stop is its own; that it fails at it must not keep others from being told.</summary>
    private async ValueTask Stop(RunningActivity activity, ValueTask told)
    {
        try
        {
            await told;
        }
        catch (Exception fault)
        {
            _services.Observer.Fault(_services.Self, $"stopping the activity {activity.Assignment.Key}", fault);
        }
    }

    private bool OnlyWaits(RunningActivity activity) => _handlers.TryGetValue(activity.Assignment.Kind, out var handler) && handler.OnlyWaits;

    private static ActivityEnded End(ActivityAssignment assignment, ActivityOutcome outcome, byte[]? output = null, string? error = null) =>
        new(assignment.Key.Id, assignment.Kind, assignment.Attempt, outcome, output, error);
}

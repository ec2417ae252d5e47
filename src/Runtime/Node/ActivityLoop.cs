using System.Collections.Concurrent;

namespace Latecomer.Runtime;

/// <summary>Claims activities for a node, runs them beside each other, and reports their ends, again and again if the store fails, for as long as the node lives.</summary>
internal sealed class ActivityLoop(NodeServices services, OwnedShards owned, ActivityPump pump)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly AsyncSignal _look = new();
    private readonly ConcurrentDictionary<Task, byte> _tasks = [];
    private volatile bool _draining;

    public void Look() => _look.Set();

    public async Task Run(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await pump.StopCancelled(cancellation);
                foreach (var activity in _draining ? [] : await pump.Claim(owned.Shards, cancellation))
                {
                    Track(RunToEnd(activity, cancellation));
                    // Some of them may take no place: there may be more to claim.
                    Look();
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                services.Observer.Fault(services.Self, "claiming activities", fault);
            }

            await _look.Wait(services.Settings.PollMax, services.Time, cancellation);
        }
    }

    /// <summary>Claims nothing any more, gives what runs some time to end, then asks it to stop and waits as long again.</summary>
    public async Task Drain(CancellationToken cancellation)
    {
        _draining = true;
        await pump.StopWaiting();
        if (!await AllEnd(cancellation))
        {
            await pump.StopAll();
            await AllEnd(cancellation);
        }
    }

    private void Track(Task task)
    {
        _tasks.TryAdd(task, 0);
        _ = Untrack();

        async Task Untrack()
        {
            await task;
            _tasks.TryRemove(task, out _);
            _look.Set();
        }
    }

    private async Task<bool> AllEnd(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(_tasks.Keys).WaitAsync(services.Settings.ActivityGrace, services.Time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task RunToEnd(RunningActivity activity, CancellationToken cancellation)
    {
        // A handler may work for long before it first awaits: it must not hold up the loop that claims.
        await Task.Yield();
        var ended = await pump.Run(activity);
        while (ended is not null && !cancellation.IsCancellationRequested)
        {
            try
            {
                await pump.Complete(activity, ended, cancellation);
                return;
            }
            catch (Exception fault)
            {
                if (!cancellation.IsCancellationRequested)
                {
                    services.Observer.Fault(services.Self, $"reporting the end of {activity.Assignment.Key}", fault);
                    await Task.Delay(RetryPause, services.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        pump.Forget(activity);
    }
}

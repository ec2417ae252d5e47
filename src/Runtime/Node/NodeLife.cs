namespace Latecomer.Runtime;

/// <summary>One incarnation of a node: its loops, from joining to its end. They only call the steps: membership, allocation, batches, activities.</summary>
internal sealed class NodeLife : IDisposable
{
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMilliseconds(20);

    private readonly NodeServices _services;
    private readonly Membership _membership;
    private readonly Allocation _allocation;
    private readonly ActivityPump _pump;
    private readonly ActivityLoop _activities;
    private readonly ShardScheduler _scheduler;
    private readonly MailPoll _poll;
    private readonly LocalIntake? _intake;
    private readonly HousekeepingLoop _housekeeping;
    private readonly AsyncSignal _allocate = new();
    private readonly AsyncGate _allocating = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _ending;
    private Task _cancelling = Task.CompletedTask;
    private volatile bool _leaving;
    private volatile bool _left;

    public NodeLife(NodeServices services, IReadOnlyCollection<IActivityHandler> handlers, LocalIntake? intake)
    {
        _services = services;
        _intake = intake;
        Owned = new OwnedShards(services);
        _membership = new Membership(services);
        _allocation = new Allocation(services, Owned);
        _pump = new ActivityPump(services, handlers);
        _activities = new ActivityLoop(services, Owned, _pump);
        _scheduler = new ShardScheduler(services, Owned) { TimerSet = due => _poll!.NotLaterThan(due) };
        _poll = new MailPoll(services, Owned, _scheduler);
        Owned.Offered = _scheduler.Ask;
        _housekeeping = new HousekeepingLoop(services, Owned);
    }

    public NodeRegistration Self => _services.Self;

    public OwnedShards Owned { get; }

    private RuntimeSettings Settings => _services.Settings;

    public async Task<bool> Join(CancellationToken cancellation)
    {
        var joined = await _membership.Join(cancellation);
        if (joined)
        {
            _services.Observer.Joined(Self);
        }

        return joined;
    }

    /// <summary>Completes when the life is over. Its loops may still hang in a call to the store; what they do then can write nothing.</summary>
    public Task Over => _ended.Task;

    public bool IsOver => Over.IsCompleted;

    /// <summary>Runs the loops, to the end of the last.</summary>
    public async Task Run()
    {
        await using var watchdog = new Watchdog(_membership, _services.Time, () => _ = End(NodeEnd.Expired));
        using var hints = _services.Hints.Subscribe(Hear);
        using var offers = _intake?.Serve(Owned);
        var loops = new List<Task>
        {
            Loop(Renew),
            Loop(Allocate),
            Loop(_poll.Run),
            Loop(_activities.Run),
            Loop(_housekeeping.Run),
        };
        loops.AddRange(Enumerable.Range(0, Settings.ShardsAtOnce).Select(_ => Loop(_scheduler.Work)));
        await Task.WhenAll(loops);
        await Over;
        await _cancelling;
        _over.Dispose();
    }

    /// <summary>Gives everything to others and leaves. What goes wrong with it is reported, and left to the expiry.</summary>
    public async Task HandOver()
    {
        try
        {
            var cancellation = _over.Token;
            _leaving = true;
            await _membership.Drain(cancellation);
            using (await _allocating.Enter())
            {
                await _allocation.GiveUp(Owned.Shards, cancellation);
            }

            await _activities.Drain(cancellation);
            _left = true;
            await _membership.Leave(cancellation);
        }
        catch (Exception fault)
        {
            _services.Observer.Fault(Self, "handing over", fault);
        }
    }

    /// <summary>Ends it now: whatever it still does can write nothing that others would not expect.</summary>
    public Task End(NodeEnd how)
    {
        lock (_lock)
        {
            return _ending ??= EndOnce(_left ? NodeEnd.Stopped : how);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    private async Task EndOnce(NodeEnd how)
    {
        // Work is told first, but may take its time to hear.
        var stopping = _pump.StopAll().AsTask();

        // Over it is from here on. Calls that are told may take long to hear: a driver that is to cancel one asks the server, which may not answer.
        _cancelling = _over.CancelAsync();
        Owned.CloseIntakes();
        _services.Observer.Ended(Self, how);
        _ended.SetResult();
        await Task.WhenAll(_cancelling, stopping);
    }

    private async Task Loop(Func<CancellationToken, Task> loop)
    {
        await Task.Yield();
        try
        {
            await loop(_over.Token);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            // A loop handles what it expects. A node without one of its loops is no node: better another life.
            _services.Observer.Fault(Self, "running", fault);
            await End(NodeEnd.Expired);
        }
    }

    private void Hear(Hint hint)
    {
        switch (hint)
        {
            case Hint.MailArrived mail:
                _scheduler.Ask(mail.Shard);
                break;
            case Hint.ActivityStarted started when Owned.Find(started.Shard) is not null:
                _activities.Look();
                break;
            case Hint.CancelRequested when _pump.Running > 0:
                _activities.Look();
                break;
            case Hint.PlacementChanged:
                _allocate.Set();
                break;
        }
    }

    private async Task Renew(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Settings.Heartbeat, _services.Time, cancellation);
            try
            {
                if (!await _membership.Renew(cancellation))
                {
                    await End(NodeEnd.Expired);
                    return;
                }

                _services.Observer.Renewed(Self);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                _services.Observer.Fault(Self, "renewing", fault);
            }
        }
    }

    private async Task Allocate(CancellationToken cancellation)
    {
        while (true)
        {
            var unfinished = false;
            var next = Settings.AllocationInterval;
            try
            {
                using var pass = await _allocating.Enter();
                if (!_leaving)
                {
                    var round = await AllocateOnce(cancellation);
                    unfinished = round.Unfinished;

                    // A node that dies is missed when it expires, not up to an interval later.
                    next = round.NextExpiry + ExpiryMargin < next ? round.NextExpiry!.Value + ExpiryMargin : next;
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                _services.Observer.Fault(Self, "allocating shards", fault);
            }

            if (unfinished)
            {
                // Not shortened by hints, its own among them: what moves in a given time stays bounded.
                await Task.Delay(Settings.AllocationPause, _services.Time, cancellation);
            }
            else
            {
                await _allocate.Wait(next, _services.Time, cancellation);
            }
        }
    }

    private async ValueTask<AllocationRound> AllocateOnce(CancellationToken cancellation)
    {
        var round = await _allocation.Round(cancellation);
        if (round.Taken.Count > 0)
        {
            _poll.Look();
            _activities.Look();
        }

        return round;
    }
}

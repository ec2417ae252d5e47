using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <content>Each step as the loops of a real node make it, with what they do when the store cannot be reached.</content>
internal sealed partial class Life
{
    private const int MostJournalsAtOnce = 3;

    public void Join() => Track("joins", async () =>
    {
        _renewing = true;
        try
        {
            RenewedAt = _parts.Time.GetUtcNow();
            Joined = await Membership.Join(default);
        }
        finally
        {
            _renewing = false;
        }
    });

    public void RunBatch()
    {
        var free = _asked.FindAll(s => !_running.Contains(s));
        var fast = free.FindAll(s => !_parts.Slow.Contains(s));
        var shard = _parts.Random.Pick(fast.Count > 0 && !_parts.Random.PerMille(50) ? fast : free);
        _asked.Remove(shard);
        if (Owned.Find(shard) is { } processor)
        {
            Track($"batch of {shard}", () => RunBatch(processor));
        }
    }

    public void Poll() => Track("polls", async () =>
    {
        _polling = true;
        LooksForMail = false;
        try
        {
            foreach (var shard in (await Services.Store.Turns.Ready(Owned.Shards, default)).Shards)
            {
                Ask(shard);
            }
        }
        finally
        {
            _polling = false;
        }
    });

    public void Renew() => Track("renews", async () =>
    {
        _renewing = true;
        try
        {
            var at = _parts.Time.GetUtcNow();
            if (await Membership.Renew(default))
            {
                RenewedAt = at;
            }
            else
            {
                await End();
            }
        }
        finally
        {
            _renewing = false;
        }
    });

    public void Bark() => Track("could not renew in time", () => End().AsTask());

    public void Allocate() => Track("allocates", async () =>
    {
        _allocating = true;
        LooksAtPlacement = false;
        try
        {
            var round = await Allocation.Round(default);
            LooksAtPlacement |= round.Unfinished;
            LooksAtActivities |= round.Taken.Count > 0;
            LooksForMail |= round.Taken.Count > 0;
        }
        catch (StoreFaultException)
        {
            // A real node looks again after a second.
            LooksAtPlacement = true;
        }
        finally
        {
            _allocating = false;
        }
    });

    public void LookAtActivities() => Track("looks for activities", async () =>
    {
        _looking = true;
        LooksAtActivities = false;
        try
        {
            await Pump.StopCancelled(default);
            foreach (var activity in await Pump.Claim(Owned.Shards, default))
            {
                _parts.Trace.Add($"{Name} runs {activity.Assignment.Key} attempt {activity.Assignment.Attempt}");
                Track(null, () => RunToEnd(activity));
                LooksAtActivities = true;
            }
        }
        catch (StoreFaultException)
        {
            LooksAtActivities = true;
        }
        finally
        {
            _looking = false;
        }
    });

    public void Report()
    {
        var at = _parts.Random.Below(Ends.Count);
        var (activity, ended) = Ends[at];
        Ends.RemoveAt(at);
        Track($"reports {activity.Assignment.Key} {ended.Outcome}", async () =>
        {
            try
            {
                await Pump.Complete(activity, ended, default);
                LooksAtActivities = true;
                if (_parts.Faults.Active && _parts.Random.PerMille(50))
                {
                    await Pump.Complete(activity, ended, default);
                }
            }
            catch (StoreFaultException)
            {
                Ends.Add((activity, ended));
            }
        });
    }

    public void Passivate() => Track("passivates", async () =>
    {
        foreach (var processor in Owned.Processors.Where(p => !_running.Contains(p.Lease.Shard)))
        {
            await processor.Passivate();
        }

        var journals = 0;
        foreach (var chore in await Housekeeping.Due(default))
        {
            // A real node is slow with it. Shards without actors are no news.
            var shard = (chore as Chore.Journal)?.Of.Lease.Shard;
            if (shard is not { } kept || (!_running.Contains(kept) && await HasJournal(kept) && _parts.Random.Half() && ++journals <= MostJournalsAtOnce))
            {
                await Do(chore, shard);
            }
        }
    });

    /// <summary>Hands everything over and leaves.</summary>
    public void Leave() => Track("leaves", async () =>
    {
        Leaving = true;
        _allocating = true;
        try
        {
            await Membership.Drain(default);
            await Allocation.GiveUp(Owned.Shards, default);
            await Membership.Leave(default);
        }
        catch (StoreFaultException)
        {
            // What is not handed over is left to the expiry.
        }

        await End();
    });

    private async ValueTask<bool> HasJournal(ShardId shard) =>
        await _parts.Store.Journal.Read(shard, 0, 1, default) is not JournalPage.Entries { Items.Count: 0 };

    private async Task Do(Chore chore, ShardId? shard)
    {
        if (shard is { } busy)
        {
            _running.Add(busy);
        }

        try
        {
            var removed = await Housekeeping.Do(chore, default);
            if (chore is not Chore.Journal)
            {
                _parts.Trace.Count(chore is Chore.Replies ? "replies removed" : "tries removed", removed);
            }
        }
        finally
        {
            if (shard is { } free)
            {
                _running.Remove(free);
            }
        }
    }

    private async Task RunBatch(ShardProcessor processor)
    {
        var shard = processor.Lease.Shard;
        _running.Add(shard);
        try
        {
            var result = await processor.RunBatch(default);
            if (result.Outcome is BatchOutcome.LeaseLost or BatchOutcome.Stale)
            {
                _parts.Trace.Add($"{Name} lost {shard}: {result.Outcome}");
                _parts.Trace.Count("batches refused by the fence");
                Owned.Drop(processor);
                LooksAtPlacement = true;
            }

            if (result.Outcome == BatchOutcome.Stale)
            {
                await Services.Store.Leases.Release([processor.Lease], default);
            }

            if (result.More)
            {
                Ask(shard);
            }
        }
        catch (StoreFaultException)
        {
            // What became of the batch is unknown: the next round of allocation acquires the lease anew.
            Owned.Drop(processor);
            LooksAtPlacement = true;
        }
        finally
        {
            _running.Remove(shard);
        }
    }

    private async Task RunToEnd(RunningActivity activity)
    {
        var ended = await Pump.Run(activity);
        if (ended is null || Over)
        {
            Pump.Forget(activity);
        }
        else if (!Gate.Dead)
        {
            Ends.Add((activity, ended));
        }
    }

    private async ValueTask End()
    {
        Over = true;
        Dispose();
        Owned.CloseIntakes();
        Ends.Clear();
        await Pump.StopAll();
    }
}

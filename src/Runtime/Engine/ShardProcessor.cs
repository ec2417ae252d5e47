using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Runtime;

/// <summary>
/// Runs the turns of one shard under one lease. Guarantees that a turn becomes real once or not at all: turns are run in memory, then
/// committed together under the lease's fence, and what a refused or unknown commit leaves in memory is forgotten. One batch runs at a time.
/// Completes synchronously whenever the store does, so that a simulation can drive it step by step; nodes call nothing else.
/// </summary>
public sealed class ShardProcessor
{
    private readonly NodeServices _services;
    private readonly TurnRunner _runner;
    private readonly ActorCache _cache;
    private readonly CarefulStretch _careful;
    private readonly AsyncGate _gate = new();
    private readonly ShardIntake _intake = new();
    private readonly TimeSpan _mailboxOnly;
    private readonly long _since;
    private bool _closed;

    /// <summary>Serves the shard of <paramref name="lease"/>.</summary>
    /// <param name="services">The node's.</param>
    /// <param name="lease">Acquired before anything of the shard is read.</param>
    /// <param name="inherited">Its last owner died: a turn of its mail may be why, so they are run one by one, each counted first.</param>
    public ShardProcessor(NodeServices services, Lease lease, bool inherited)
    {
        _services = services;
        _runner = new TurnRunner(services.Catalog);
        _cache = new ActorCache(services.Time);
        _careful = new CarefulStretch(inherited);
        _mailboxOnly = inherited ? services.Settings.MailboxOnlyAfterDeath : TimeSpan.Zero;
        _since = services.Time.GetTimestamp();
        Lease = lease;
    }

    /// <summary>The right by which it runs.</summary>
    public Lease Lease { get; }

    /// <summary>Actors in memory.</summary>
    public int ActiveActors => _cache.Count;

    /// <summary>Takes a request into one of the next batches. False if it does not now: the request belongs into the mailbox.</summary>
    public bool TryOffer(NewRequest request, [NotNullWhen(true)] out Task<OfferOutcome>? outcome)
    {
        var offered = new OfferedRequest(request);

        // What ended the last owner may be asked again: only a mailbox counts its attempts.
        var taken = _services.Time.GetElapsedTime(_since) >= _mailboxOnly && _intake.TryAdd(offered);
        outcome = taken ? offered.Outcome : null;
        return taken;
    }

    /// <summary>Takes no offers any more, and declines those that wait.</summary>
    public void CloseIntake() => _intake.Close();

    /// <summary>Takes up what waits, at most <see cref="RuntimeSettings.BatchTurns"/> turns, and makes it durable.</summary>
    /// <exception cref="Exception">The store failed: what became of the batch is unknown, memory is forgotten, and the lease is to be acquired anew.</exception>
    public async ValueTask<BatchResult> RunBatch(CancellationToken cancellation)
    {
        using var pass = await _gate.Enter();
        try
        {
            return _closed ? new BatchResult(BatchOutcome.Closed) : await RunAlone(cancellation);
        }
        catch
        {
            _cache.Clear();
            throw;
        }
    }

    /// <summary>Lets idle actors leave memory.</summary>
    public async ValueTask Passivate()
    {
        using var pass = await _gate.Enter();
        _cache.Passivate(_services.Settings.PassivateAfter, _services.Settings.ActiveActorsPerShard);
    }

    /// <summary>Removes entries of the shard's journal that are older than <paramref name="before"/>, at most <paramref name="limit"/>, between two batches. Null if the shard
    /// is not this node's any more.</summary>
    public async ValueTask<JournalTrim?> TrimJournal(DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        using var pass = await _gate.Enter();
        return _closed ? null : await _services.Store.Journal.Trim(Lease, before, limit, cancellation);
    }

    /// <summary>Ends it after the batch that is running, if any: no turn is taken up afterwards. The lease stays to be released.</summary>
    public async ValueTask Close()
    {
        CloseIntake();
        using var pass = await _gate.Enter();
        _closed = true;
        _cache.Clear();
    }

    private async ValueTask<BatchResult> RunAlone(CancellationToken cancellation)
    {
        var settings = _services.Settings;
        var work = await _services.Store.Turns.ReadWork(Lease.Shard, settings.BatchTurnsPerActor, settings.BatchTurns * 2, cancellation);
        var builder = new BatchBuilder(new TurnBatch(Lease, work.Now));
        if (_careful.Next(work) is { } suspect)
        {
            return await RunCarefully(builder, suspect, cancellation);
        }

        var offered = _intake.Take(settings.BatchTurns);
        try
        {
            var items = FairOrder.Of(work, offered.FindAll(o => IsWelcome(o, work))).Take(settings.BatchTurns).ToList();
            if (items.Count == 0)
            {
                return new BatchResult(BatchOutcome.Idle, More: !_intake.IsEmpty);
            }

            var all = work.Mail.Count + work.Timers.Count + offered.Count;
            await Load(items, cancellation);
            RunAll(builder, items);
            LetWait(offered, builder, work);
            return await Commit(builder, builder.Taken < all || work.Mail.Count >= settings.BatchTurnsPerActor || !_intake.IsEmpty, cancellation);
        }
        finally
        {
            // To those that were taken up this says nothing.
            offered.ForEach(o => o.Decline());
        }
    }

    private void RunAll(BatchBuilder builder, List<WorkItem> items)
    {
        var started = _services.Time.GetTimestamp();
        foreach (var item in items)
        {
            if (!builder.IsEmpty && _services.Time.GetElapsedTime(started) >= _services.Settings.BatchTime)
            {
                break;
            }

            if (!builder.MustWait(item))
            {
                RunOne(builder, item);
            }
        }
    }

    /// <summary>Not to an actor that is suspended; nor when its reply is forgotten by now, for whoever sends it again could have it applied again.</summary>
    private static bool IsWelcome(OfferedRequest offered, ShardWork work) =>
        !work.Suspended.Contains(offered.Request.To) && offered.Request.ExpiresAt > work.Now;

    /// <summary>Puts those offers back that had no turn in the batch, though they could have one in the next.</summary>
    private void LetWait(List<OfferedRequest> offered, BatchBuilder builder, ShardWork work)
    {
        bool Waits(OfferedRequest o) => !o.Outcome.IsCompleted && !builder.Offered.Contains(o) && IsWelcome(o, work);

        _intake.Return(offered.FindAll(Waits));
        offered.RemoveAll(Waits);
    }

    private void RunOne(BatchBuilder builder, WorkItem item)
    {
        var memory = builder.MemoryOf(item.Actor) ?? _cache.Find(item.Actor)!;
        try
        {
            builder.Add(item, memory, _runner.Run(item, memory, builder.Batch.At));
        }
        catch (Exception fault)
        {
            Failed(builder, item, fault, counted: false);
        }
    }

    private void Failed(BatchBuilder builder, WorkItem item, Exception fault, bool counted)
    {
        if (item is WorkItem.Offer { Offered: var offered })
        {
            // It fails again from the mailbox, which counts.
            offered.Decline();
            return;
        }

        _services.Observer.TurnFailed(_services.Self, item.Actor, item.Attempts + 1, fault);
        if (item.Attempts + 1 >= ActorLimits.Attempts)
        {
            builder.SetAside(item, fault.ToString());
        }
        else if (!counted)
        {
            builder.Fail(item);
        }
    }

    private async ValueTask<BatchResult> RunCarefully(BatchBuilder builder, WorkItem item, CancellationToken cancellation)
    {
        if (item.Attempts >= ActorLimits.Attempts)
        {
            builder.SetAside(item, $"Its turn was begun {item.Attempts} times and never ended: it may be what ended the process that ran it.");
            return await Commit(builder, more: true, cancellation);
        }

        var (mail, timers) = item switch
        {
            WorkItem.Letter letter => ((long[])[letter.Mail.Id], Array.Empty<TimerKey>()),
            WorkItem.Alarm alarm => ([], [alarm.Timer.Key]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (!await _services.Store.Turns.CountAttempts(Lease, mail, timers, cancellation))
        {
            return new BatchResult(BatchOutcome.LeaseLost);
        }

        await Load([item], cancellation);
        var memory = _cache.Find(item.Actor)!;
        try
        {
            builder.Add(item, memory, _runner.Run(item, memory, builder.Batch.At));
            return await CommitOrRefuse(builder, more: true, cancellation);
        }
        catch (Exception fault) when (builder.Turns == 0 || fault is InvalidTurnException)
        {
            var aside = new BatchBuilder(new TurnBatch(Lease, builder.Batch.At));
            Failed(aside, item, fault, counted: true);
            return aside.IsEmpty ? new BatchResult(BatchOutcome.Progressed, More: true) : await Commit(aside, more: true, cancellation);
        }
    }

    private async ValueTask<BatchResult> Commit(BatchBuilder builder, bool more, CancellationToken cancellation)
    {
        try
        {
            return await CommitOrRefuse(builder, more, cancellation);
        }
        catch (InvalidTurnException)
        {
            _careful.Extend(builder.Items);
            return new BatchResult(BatchOutcome.Progressed, More: true);
        }
    }

    private async ValueTask<BatchResult> CommitOrRefuse(BatchBuilder builder, bool more, CancellationToken cancellation)
    {
        builder.Seal(_runner);
        switch (await _services.Store.Turns.Commit(builder.Batch, cancellation))
        {
            case CommitOutcome.LeaseLost:
                _cache.Clear();
                return new BatchResult(BatchOutcome.LeaseLost);
            case CommitOutcome.Stale:
                _cache.Clear();
                return new BatchResult(BatchOutcome.Stale);
            case CommitOutcome.RequestKnown:
                return new BatchResult(BatchOutcome.Progressed, More: true);
        }

        foreach (var (actor, memory) in builder.Memories)
        {
            _cache.Put(actor, memory);
        }

        _cache.Passivate(_services.Settings.PassivateAfter, _services.Settings.ActiveActorsPerShard);
        BatchNews.Tell(_services, builder);
        return new BatchResult(BatchOutcome.Progressed, builder.Turns, more || builder.HasFailures, builder.Batch.Timers.Min(t => t.Due));
    }

    private async ValueTask Load(IReadOnlyCollection<WorkItem> items, CancellationToken cancellation)
    {
        var missing = items.Select(i => i.Actor).Distinct().Where(a => _cache.Find(a) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var images = (await _services.Store.Turns.LoadStates(Lease.Shard, missing, cancellation)).ToDictionary(i => i.Actor);
        foreach (var actor in missing)
        {
            _cache.Put(actor, ActorMemory.Of(images.GetValueOrDefault(actor)));
        }
    }
}

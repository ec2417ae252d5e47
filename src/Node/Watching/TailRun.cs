using System.Threading.Channels;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>The tail from its first listener to its last. What commits of this process and hints of others tell is read soon; whatever nobody told is found by a
/// cheap question for the heads of all shards.</summary>
internal sealed class TailRun : IAsyncDisposable
{
    /// <summary>How long it gathers what commits bring before it reads again: what comes meanwhile is passed on together.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PollFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PollLast = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    /// <summary>How often it says that somebody watches here: others remember that for three times as long.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(10);

    /// <summary>How many turns are passed on together at most, but for a single stretch that has more.</summary>
    private const int MostTurns = 256;

    private readonly IRuntimeStore _store;
    private readonly JournalReader _reader;
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<JournalStretch>?> _publish;
    private readonly TailSurroundings _surroundings;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Lock _lock = new();
    private readonly Task _running;
    private HashSet<ShardId> _told = [];
    private Task? _waits;

    /// <summary>Runs until it is disposed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="time">The process's clock.</param>
    /// <param name="publish">Takes what was read, in order; null when something was removed before it could be.</param>
    /// <param name="surroundings">Who hears of it.</param>
    public TailRun(
        IRuntimeStore store, JournalReader reader, int shards, TimeProvider time, Action<IReadOnlyList<JournalStretch>?> publish, TailSurroundings surroundings)
    {
        (_store, _reader, _time, _publish, _surroundings) = (store, reader, time, publish, surroundings);
        _running = Run(shards);
    }

    /// <summary>Completes when it knows where it began.</summary>
    public Task Begun => _begun.Task;

    /// <summary>It could not begin.</summary>
    public bool HasFailed => _begun.Task.IsFaulted;

    /// <summary>Looks at a shard soon.</summary>
    public void Look(ShardId shard)
    {
        lock (_lock)
        {
            _told.Add(shard);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _over.Dispose();
    }

    private async Task Run(int shards)
    {
        await Task.Yield();
        try
        {
            var place = JournalPlace.At(await _store.Journal.Heads(_over.Token), shards);
            _begun.TrySetResult();
            await Follow(place);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            _begun.TrySetCanceled();
        }
        catch (Exception fault)
        {
            _begun.TrySetException(fault);
        }
    }

    private async Task Follow(JournalPlace place)
    {
        var pause = PollFirst;
        long? said = null;
        while (true)
        {
            if (said is not { } last || _time.GetElapsedTime(last) >= SaidEvery)
            {
                _surroundings.Watched();
                said = _time.GetTimestamp();
            }

            try
            {
                var isTold = await IsTold(pause);
                var shards = isTold ? await Told() : await Moved(place);
                pause = !isTold && shards.Count == 0 ? Min(pause * 2, PollLast) : PollFirst;
                await Pass(place, shards);
            }
            catch (Exception e) when (!_over.IsCancellationRequested)
            {
                // Nothing is lost: the place is where it was.
                _surroundings.Fault(e);
                await Task.Delay(AfterFault, _time, _over.Token);
            }
        }
    }

    private async Task<bool> IsTold(TimeSpan atMost)
    {
        _waits = _waits is { IsCompleted: false } ? _waits : _wake.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        await _waits.WaitAsync(atMost, _time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Token.ThrowIfCancellationRequested();
        return _waits.IsCompleted && _wake.Reader.TryRead(out _);
    }

    private async Task<IReadOnlyCollection<ShardId>> Told()
    {
        await Task.Delay(Breath, _time, _over.Token);
        lock (_lock)
        {
            var told = _told;
            _told = [];
            return told;
        }
    }

    private async Task<IReadOnlyCollection<ShardId>> Moved(JournalPlace place) =>
        [.. (await _store.Journal.Heads(_over.Token)).Where(h => h.Position > place[h.Shard]).Select(h => h.Shard)];

    private async Task Pass(JournalPlace place, IReadOnlyCollection<ShardId> shards)
    {
        var stretches = new List<JournalStretch>();
        foreach (var shard in shards)
        {
            JournalStretch? stretch;
            do
            {
                stretch = await _reader.Read(shard, place[shard], _over.Token);
                if (stretch is null)
                {
                    place[shard] = (await _store.Journal.Heads(_over.Token)).Single(h => h.Shard == shard).Position;
                    _publish(null);
                }
                else if (stretch.To > stretch.After)
                {
                    stretches.Add(stretch);
                    place[shard] = stretch.To;
                }

                if (stretches.Sum(s => s.Turns.Count) >= MostTurns)
                {
                    _publish(stretches);
                    stretches = [];
                }
            }
            while (stretch is { IsLast: false });
        }

        if (stretches.Count > 0)
        {
            _publish(stretches);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>Who hears of a tail.</summary>
/// <param name="Watched">Hears now and then that somebody watches here.</param>
/// <param name="Fault">Hears what went wrong and is tried again.</param>
internal sealed record TailSurroundings(Action Watched, Action<Exception> Fault);

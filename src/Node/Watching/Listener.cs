using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Latecomer.Node.Watching;

/// <summary>What the tail has for one watch. Bounded: when the watch does not keep up, it is not waited for but told that it missed something, and finds that in
/// the store.</summary>
internal sealed class Listener(Action<Listener> gone) : IDisposable
{
    /// <summary>Batches that wait for one watch at most.</summary>
    public const int MostWaiting = 16;

    private readonly Channel<IReadOnlyList<JournalStretch>> _waiting = Channel.CreateBounded<IReadOnlyList<JournalStretch>>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, AllowSynchronousContinuations = false });

    private volatile bool _missed;
    private Task? _waits;

    /// <summary>Something was not passed on to it.</summary>
    public bool Missed => _missed;

    /// <summary>Passes stretches on, if it has room.</summary>
    public void Offer(IReadOnlyList<JournalStretch> stretches)
    {
        if (!_waiting.Writer.TryWrite(stretches))
        {
            Miss();
        }
    }

    /// <summary>Says that it missed something, and wakes it.</summary>
    public void Miss()
    {
        _missed = true;
        _waiting.Writer.TryWrite([]);
    }

    /// <summary>Forgets what waits: whoever calls this then looks into the store.</summary>
    public void Forget()
    {
        _missed = false;
        while (_waiting.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Takes what waits, if anything does.</summary>
    public bool TryTake([NotNullWhen(true)] out IReadOnlyList<JournalStretch>? stretches) => _waiting.Reader.TryRead(out stretches);

    /// <summary>Waits until something waits. False if <paramref name="atMost"/> passed without it.</summary>
    public async Task<bool> Wait(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        var waits = _waits = _waits is { IsCompleted: false } ? _waits : _waiting.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        await waits.WaitAsync(atMost, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return waits.IsCompleted;
    }

    /// <inheritdoc/>
    public void Dispose() => gone(this);
}

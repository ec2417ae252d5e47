namespace Latecomer.Runtime;

/// <summary>Wakes one waiter. A signal that comes while nobody waits is kept, once.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _set;

    public void Set()
    {
        lock (_lock)
        {
            if (_waiter is { } waiter)
            {
                _waiter = null;
                waiter.TrySetResult();
            }
            else
            {
                _set = true;
            }
        }
    }

    /// <summary>Waits for the signal. False if <paramref name="atMost"/> passed without it.</summary>
    public async Task<bool> Wait(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        Task signalled;
        lock (_lock)
        {
            if (_set || atMost <= TimeSpan.Zero)
            {
                var was = _set;
                _set = false;
                return was;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = _waiter.Task;
        }

        await signalled.WaitAsync(atMost, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _waiter = null;
        }

        return signalled.IsCompleted;
    }
}

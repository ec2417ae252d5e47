namespace Latecomer.Runtime;

/// <summary>Lets one in at a time, in the order in which they came; whoever finds it free goes through synchronously.</summary>
internal sealed class AsyncGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _taken;

    public ValueTask<Pass> Enter()
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return ValueTask.FromResult(new Pass(this));
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        return Wait(turn.Task);
    }

    private async ValueTask<Pass> Wait(Task turn)
    {
        await turn;
        return new Pass(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var next))
            {
                next.SetResult();
            }
            else
            {
                _taken = false;
            }
        }
    }

    /// <summary>Held while inside.</summary>
    public readonly struct Pass(AsyncGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}

namespace Latecomer.Runtime;

/// <summary>An activity that a node has claimed.</summary>
public sealed class RunningActivity : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    internal RunningActivity(ActivityAssignment assignment)
    {
        Assignment = assignment;
        Stop = _stop.Token;
        if (assignment.CancelRequested)
        {
            _stop.Cancel();
        }
    }

    /// <summary>What was claimed.</summary>
    public ActivityAssignment Assignment { get; }

    /// <summary>Cancelled when the work is to stop.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The node ends: the work stops because of that, not because its actor wants it to.</summary>
    public bool IsAbandoned { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    internal ValueTask Cancel()
    {
        lock (_lock)
        {
            return _disposed ? ValueTask.CompletedTask : new ValueTask(_stop.CancelAsync());
        }
    }

    internal ValueTask Abandon()
    {
        IsAbandoned = true;
        return Cancel();
    }
}

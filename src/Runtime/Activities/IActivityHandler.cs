namespace Latecomer.Runtime;

/// <summary>Does the work of a kind of activity. It may run again for the same activity after a worker was lost (with a higher
/// attempt, and perhaps while the lost one still runs), so what it does must be idempotent by the activity's key or fenced.</summary>
public interface IActivityHandler
{
    /// <summary>The kind that it runs.</summary>
    string Kind { get; }

    /// <summary>Whether it only waits for something. Then it takes none of a node's places, and a node that stops asks it to stop at once, for nothing is lost by that.</summary>
    bool OnlyWaits => false;

    /// <summary>Runs the activity to its end. A cancelled token means: stop the work, then end, by
    /// <see cref="OperationCanceledException"/> once the work is confirmed to have ended.</summary>
    /// <returns>Its output, UTF-8 JSON.</returns>
    /// <exception cref="ActivityFailedException">The work failed, with a sentence for people.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task<byte[]> Run(ActivityAssignment assignment, CancellationToken stop);
}

/// <summary>An activity's work failed; the message is for people and is what its actor is told.</summary>
public sealed class ActivityFailedException : Exception
{
    /// <summary>Fails without a reason; better give one.</summary>
    public ActivityFailedException()
    {
    }

    /// <summary>Fails with a reason.</summary>
    public ActivityFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Fails with a reason and what caused it.</summary>
    public ActivityFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>An <see cref="IActivityHandler"/> with a typed input and output.</summary>
public abstract class ActivityHandler<TInput, TOutput> : IActivityHandler
    where TInput : notnull
    where TOutput : notnull
{
    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public virtual bool OnlyWaits => false;

    /// <inheritdoc cref="IActivityHandler.Run"/>
    protected abstract Task<TOutput> Run(TInput input, ActivityAssignment assignment, CancellationToken stop);

    async Task<byte[]> IActivityHandler.Run(ActivityAssignment assignment, CancellationToken stop) =>
        DurableJson.Write(await Run(DurableJson.Read<TInput>(assignment.Input), assignment, stop));
}

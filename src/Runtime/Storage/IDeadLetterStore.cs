namespace Latecomer.Runtime;

/// <summary>The dead letters.</summary>
public interface IDeadLetterStore
{
    /// <summary>Those whose ids come after <paramref name="after"/>, in order of ids, which is the order in which they were sent; at most <paramref name="limit"/>.</summary>
    /// <param name="after">0 begins with the oldest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="suspendingOnly">Only those for which an actor waits.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation);

    /// <summary>Settles what becomes of one, and records the request that asked for it, in one transaction. A suspended actor goes on. Nothing changes if
    /// the request's id is known.</summary>
    /// <returns>What became of the request; null if the letter is gone, and then the request is not recorded.</returns>
    ValueTask<SubmitOutcome?> Settle(long id, LetterFate fate, DecidedRequest request, CancellationToken cancellation);
}

/// <summary>What becomes of a message that was set aside.</summary>
public enum LetterFate
{
    /// <summary>It is put back under its own id, so before all that came after it, with no attempt counted. What a timer delivered becomes mail.</summary>
    Retried,

    /// <summary>It is thrown away.</summary>
    Discarded,
}

/// <summary>A message whose turn kept failing.</summary>
/// <param name="Id">The id that it had as mail; of what a timer delivered, one that the store gives (0 before that).</param>
/// <param name="To">Whose turn failed.</param>
/// <param name="From">Who sent it; null for the edge, a timer or an activity.</param>
/// <param name="Message">The message.</param>
/// <param name="Cause">Because of what it was sent.</param>
/// <param name="Request">The request that it came with, which was answered <see cref="ReplyStatus.Internal"/>.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Suspends">Its actor waits until it is retried or discarded.</param>
/// <param name="At">When it was set aside.</param>
public sealed record DeadLetter(
    long Id, ActorId To, ActorId? From, SerializedMessage Message, string Cause, RequestId? Request, string Error, bool Suspends, DateTimeOffset At);

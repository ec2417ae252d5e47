using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>What tests ask of dead letters, of which they make few.</summary>
public static class DeadLetterLists
{
    /// <summary>All of them, oldest first.</summary>
    public static ValueTask<IReadOnlyList<DeadLetter>> List(this IDeadLetterStore store, CancellationToken cancellation) =>
        store.List(0, int.MaxValue, suspendingOnly: false, cancellation);

    /// <summary>Retries one, by a request of its own. False if it is gone.</summary>
    public static async ValueTask<bool> Retry(this IDeadLetterStore store, long id, CancellationToken cancellation) =>
        await store.Settle(id, LetterFate.Retried, NewRequest(), cancellation) is SubmitOutcome.Accepted;

    /// <summary>Discards one, by a request of its own. False if it is gone.</summary>
    public static async ValueTask<bool> Discard(this IDeadLetterStore store, long id, CancellationToken cancellation) =>
        await store.Settle(id, LetterFate.Discarded, NewRequest(), cancellation) is SubmitOutcome.Accepted;

    private static DecidedRequest NewRequest() => new(
        RequestId.Parse($"settle-{Guid.NewGuid():N}"), "hash", new StoredReply(ReplyStatus.Ok, Body: null, Message: null), DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
}

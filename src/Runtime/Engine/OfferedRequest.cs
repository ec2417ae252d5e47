namespace Latecomer.Runtime;

/// <summary>A request that an edge has offered to a shard's owner, and whose outcome it awaits. The first outcome stays.</summary>
internal sealed class OfferedRequest(NewRequest request)
{
    private readonly TaskCompletionSource<OfferOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NewRequest Request => request;

    public Task<OfferOutcome> Outcome => _outcome.Task;

    public void TakeUp(StoredReply? reply) => _outcome.TrySetResult(new OfferOutcome.TakenUp(reply));

    public void Decline() => _outcome.TrySetResult(OfferOutcome.Declined.Instance);
}

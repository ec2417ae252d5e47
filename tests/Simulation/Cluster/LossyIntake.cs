using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>The way from edges to the owners of actors, over a network: an offer may be lost on its way there, and its answer on its way back. Who owns the actor
/// hears of it late, when it has crashed meanwhile never.</summary>
internal sealed class LossyIntake(SeededRandom random, FaultPlan faults) : IRequestIntake
{
    private readonly LocalIntake _nodes = new();

    public IDisposable Serve(OwnedShards node) => _nodes.Serve(node);

    public async ValueTask<OfferOutcome> Offer(NewRequest request, CancellationToken cancellation)
    {
        if (faults.Active && random.PerMille(faults.LostOffers))
        {
            return OfferOutcome.Declined.Instance;
        }

        var outcome = _nodes.Offer(request, cancellation);
        return faults.Active && random.PerMille(faults.LostOffers) ? OfferOutcome.Declined.Instance : await outcome;
    }
}

using System.Collections.Immutable;

namespace Latecomer.Runtime;

/// <summary>Offers requests to the nodes of one process.</summary>
public sealed class LocalIntake : IRequestIntake
{
    private ImmutableArray<OwnedShards> _nodes = [];

    /// <inheritdoc/>
    public ValueTask<OfferOutcome> Offer(NewRequest request, CancellationToken cancellation)
    {
        foreach (var node in _nodes)
        {
            if (node.TryOffer(request, out var outcome))
            {
                return new ValueTask<OfferOutcome>(outcome.WaitAsync(cancellation));
            }
        }

        return ValueTask.FromResult<OfferOutcome>(OfferOutcome.Declined.Instance);
    }

    /// <summary>Offers requests to a node, too, until the result is disposed.</summary>
    public IDisposable Serve(OwnedShards node)
    {
        ImmutableInterlocked.Update(ref _nodes, nodes => nodes.Add(node));
        return new Service(this, node);
    }

    private sealed class Service(LocalIntake intake, OwnedShards node) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref intake._nodes, nodes => nodes.Remove(node));
    }
}

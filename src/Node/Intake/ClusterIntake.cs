using System.Collections.Concurrent;
using Latecomer.Node.Hints;
using Latecomer.Runtime;

namespace Latecomer.Node.Intake;

/// <summary>Offers requests to the owners of their actors: at once within the process, over HTTP to other nodes, as far as they are known.</summary>
internal sealed class ClusterIntake(LocalIntake local, ClusterSecret secret, HttpMessageHandler toNodes, TimeProvider time) : IRequestIntake, IDisposable
{
    private readonly ConcurrentDictionary<Uri, OfferSender> _senders = [];
    private readonly HttpClient _http = new(toNodes, disposeHandler: false);
    private readonly Lock _lock = new();
    private volatile Routes _routes = Routes.None;
    private bool _over;

    /// <summary>Somebody of this process looked at who owns what.</summary>
    public void See(Routes routes)
    {
        lock (_lock)
        {
            if (_over)
            {
                return;
            }

            foreach (var address in routes.Others)
            {
                _senders.GetOrAdd(address, to => new OfferSender(to, _http, secret, time));
            }

            foreach (var gone in _senders.Keys.Except(routes.Others))
            {
                if (_senders.TryRemove(gone, out var sender))
                {
                    sender.Dispose();
                }
            }

            _routes = routes;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<OfferOutcome> Offer(NewRequest request, CancellationToken cancellation)
    {
        var outcome = await local.Offer(request, cancellation);
        return outcome is OfferOutcome.Declined && _routes.OwnerOf(request.Shard) is { } owner && _senders.TryGetValue(owner, out var sender)
            ? await sender.Offer(request).WaitAsync(cancellation)
            : outcome;
    }

    /// <summary>Declines what is under way, and offers nothing any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            foreach (var sender in _senders.Values)
            {
                sender.Dispose();
            }
        }

        _http.Dispose();
    }
}

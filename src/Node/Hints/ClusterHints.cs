using System.Collections.Concurrent;
using Latecomer.Runtime;

namespace Latecomer.Node.Hints;

/// <summary>Hints among the nodes of a cluster: at once within the process, over HTTP to those others that it concerns, as far as they are known. Publishing takes no
/// longer than noting it down.</summary>
internal sealed class ClusterHints(ClusterSecret secret, HttpMessageHandler toNodes, TimeProvider time) : IHints, IAsyncDisposable
{
    private readonly LocalHints _local = new();
    private readonly ConcurrentDictionary<Uri, HintSender> _senders = [];
    private readonly HttpClient _http = new(toNodes, disposeHandler: false);
    private readonly Lock _lock = new();
    private static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Uri, long> _watchers = [];
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
                _senders.GetOrAdd(address, to => new HintSender(to, _http, secret, time));
            }

            foreach (var gone in _senders.Keys.Except(routes.Others))
            {
                if (_senders.TryRemove(gone, out var sender))
                {
                    _ = sender.DisposeAsync().AsTask();
                }
            }

            _routes = routes;
        }
    }

    /// <summary>A hint came from another node.</summary>
    public void Hear(Hint hint)
    {
        if (hint is Hint.JournalWatched watched)
        {
            _watchers[watched.By] = time.GetTimestamp();
        }

        _local.Publish(hint);
    }

    /// <summary>A shard's journal has grown by a commit of this process: those nodes are told where somebody watches. Costs nothing while nobody does.</summary>
    public void JournalGrew(ShardId shard)
    {
        if (_watchers.IsEmpty)
        {
            return;
        }

        foreach (var (by, at) in _watchers)
        {
            if (time.GetElapsedTime(at) > WatchedFor)
            {
                _watchers.TryRemove(KeyValuePair.Create(by, at));
            }
            else if (_senders.TryGetValue(by, out var sender))
            {
                sender.Add(new Hint.JournalGrew(shard));
            }
        }
    }

    /// <inheritdoc/>
    public void Publish(Hint hint)
    {
        _local.Publish(hint);
        foreach (var address in _routes.For(hint))
        {
            if (_senders.TryGetValue(address, out var sender))
            {
                sender.Add(hint);
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<Hint> listener) => _local.Subscribe(listener);

    /// <summary>Sends what waits, if that is quickly done, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _over = true;
            _routes = Routes.None;
        }

        await Task.WhenAll(_senders.Values.Select(s => s.DisposeAsync().AsTask()));
        _http.Dispose();
    }
}

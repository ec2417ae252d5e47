using Google.Protobuf;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Http;

/// <summary>Calls whichever node of a cluster answers: the one that did last, else the next. What is called must carry its request id, for a node that dies may
/// have passed the call on already.</summary>
/// <param name="addresses">Where the nodes are now, always in the same order.</param>
/// <param name="time">The clock.</param>
internal sealed class FailoverApi(Func<IReadOnlyList<Uri>> addresses, TimeProvider time) : IApi, IDisposable
{
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<Uri, ApiClient> _clients = [];
    private readonly Lock _lock = new();
    private int _next;

    /// <inheritdoc/>
    public async Task<TResponse> Call<TResponse>(string method, IMessage request, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>, new()
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var tried = _next;
            try
            {
                return await ClientOf(tried).Call<TResponse>(method, request, cancellation);
            }
            catch (Refusal refusal) when (refusal.MayPass && time.GetElapsedTime(since) < Patience)
            {
                Interlocked.CompareExchange(ref _next, tried + 1, tried);
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private ApiClient ClientOf(int turn)
    {
        var all = addresses();
        if (all.Count == 0)
        {
            throw new Refusal(ExitCode.Unreachable, "The cluster was taken down.");
        }

        var address = all[turn % all.Count];
        lock (_lock)
        {
            return _clients.TryGetValue(address, out var known) ? known : _clients[address] = new ApiClient(address, OneTry);
        }
    }
}

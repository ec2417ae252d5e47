using System.Net.Mime;
using System.Threading.Channels;
using Latecomer.Runtime;

namespace Latecomer.Node.Hints;

/// <summary>Sends hints to one node, one batch after another: what comes while one is under way goes with the next. A batch that does not arrive is lost.</summary>
internal sealed class HintSender : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromMilliseconds(100);

    private readonly PendingHints _pending = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _to;
    private readonly HttpClient _http;
    private readonly ClusterSecret _secret;
    private readonly TimeProvider _time;
    private readonly Task _sending;

    public HintSender(Uri to, HttpClient http, ClusterSecret secret, TimeProvider time)
    {
        _to = new Uri(to, HintEndpoint.Path);
        (_http, _secret, _time) = (http, secret, time);
        _sending = Send();
    }

    /// <summary>Adds a hint; does not block.</summary>
    public void Add(Hint hint)
    {
        if (_pending.Add(hint))
        {
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>Sends what waits, if that is quickly done, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        _over.CancelAfter(Patience);
        await _sending;
        _over.Dispose();
    }

    private async Task Send()
    {
        await Task.Yield();
        try
        {
            do
            {
                while (_pending.Take() is { } batch)
                {
                    if (!await TrySend(batch))
                    {
                        await Task.Delay(PauseAfterLoss, _time, _over.Token);
                    }
                }
            }
            while (await _wake.Reader.WaitToReadAsync(_over.Token) && _wake.Reader.TryRead(out _));
        }
        catch (OperationCanceledException)
        {
            // It has ended; who was not told will look by himself.
        }
    }

    private async Task<bool> TrySend(HintBatch batch)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        patience.CancelAfter(Patience);
        var body = batch.Write();
        using var request = new HttpRequestMessage(HttpMethod.Post, _to) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(MediaTypeNames.Application.Json);
        request.Headers.Add(ClusterSecret.Header, _secret.Prove(body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            _over.Token.ThrowIfCancellationRequested();
            return false;
        }
    }
}

using System.Collections.Concurrent;
using Google.Protobuf;
using Latecomer.Node.Hints;
using Latecomer.Node.Intake.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Intake;

/// <summary>Offers requests to one other node, those that come while some are under way together. What does not come through, or is not answered in time, is declined; and
/// for a while nothing is offered then.</summary>
internal sealed class OfferSender(Uri to, HttpClient http, ClusterSecret secret, TimeProvider time) : IDisposable
{
    private const int BatchesAtOnce = 8;

    /// <summary>Long, because much may wait there, and safe, because whoever is found dead is offered nothing any more, and what was is declined then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestAfterLoss = TimeSpan.FromSeconds(1);

    private readonly Uri _to = new(to, OfferEndpoint.Path);
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly CancellationTokenSource _over = new();
    private int _underWay;
    private long _lost;

    /// <summary>Offers a request.</summary>
    public Task<OfferOutcome> Offer(NewRequest request)
    {
        if (_over.IsCancellationRequested || (Interlocked.Read(ref _lost) is var lost and > 0 && time.GetElapsedTime(lost) < RestAfterLoss))
        {
            return Task.FromResult<OfferOutcome>(OfferOutcome.Declined.Instance);
        }

        var waiting = new Waiting(OfferFormat.Write(request));
        _waiting.Enqueue(waiting);
        StartBatches();
        return waiting.Outcome;
    }

    /// <summary>Declines what is under way, and offers nothing any more.</summary>
    public void Dispose()
    {
        _over.Cancel();
        while (_waiting.TryDequeue(out var waiting))
        {
            waiting.Decline();
        }
    }

    private void StartBatches()
    {
        if (Interlocked.Increment(ref _underWay) <= BatchesAtOnce)
        {
            _ = SendBatches();
        }
        else
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task SendBatches()
    {
        // Whoever is just about to offer something gets a seat, too.
        await Task.Yield();
        while (Take() is { Count: > 0 } batch)
        {
            await Send(batch);
        }

        Interlocked.Decrement(ref _underWay);

        // Somebody may have found all places taken just before this one became free.
        if (!_waiting.IsEmpty)
        {
            StartBatches();
        }
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        var bytes = 0;
        while (batch.Count < OfferFormat.MostOffers && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= OfferFormat.MostBytes / 2) && _waiting.TryDequeue(out next))
        {
            bytes += next.Bytes;
            batch.Add(next);
        }

        return batch;
    }

    private async Task Send(List<Waiting> batch)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
            patience.CancelAfter(Patience);
            var outcomes = await Post(batch, patience.Token);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Hear(outcomes[i]);
            }
        }
        catch (Exception)
        {
            // Whatever it was: whoever waits must hear, and to decline is always right, for the store knows what became of it.
            Interlocked.Exchange(ref _lost, time.GetTimestamp());
            batch.ForEach(w => w.Decline());
        }
    }

    private async Task<List<OfferOutcome>> Post(List<Waiting> batch, CancellationToken cancellation)
    {
        var offers = new OfferBatch();
        offers.Offers.AddRange(batch.Select(w => w.Offer));
        var body = offers.ToByteArray();
        var proof = secret.Prove(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, _to) { Content = new ByteArrayContent(body) };
        request.Headers.Add(ClusterSecret.Header, proof);
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        var outcomes = secret.IsProof(response.Headers.TryGetValues(ClusterSecret.Header, out var proofs) ? proofs.First() : null, bytes)
            ? OutcomeBatch.Parser.ParseFrom(bytes)
            : throw new FormatException("Whoever answered is no node.");
        return outcomes.Answers == proof && outcomes.Outcomes.Count == batch.Count
            ? [.. outcomes.Outcomes.Select(OfferFormat.Read)]
            : throw new FormatException("The answer is one to something else.");
    }

    private sealed class Waiting(Offer offer)
    {
        private readonly TaskCompletionSource<OfferOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Offer Offer => offer;

        public int Bytes { get; } = offer.CalculateSize();

        public Task<OfferOutcome> Outcome => _outcome.Task;

        public void Hear(OfferOutcome outcome) => _outcome.TrySetResult(outcome);

        public void Decline() => _outcome.TrySetResult(OfferOutcome.Declined.Instance);
    }
}

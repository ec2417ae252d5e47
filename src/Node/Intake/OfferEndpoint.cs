using Google.Protobuf;
using Latecomer.Node.Hints;
using Latecomer.Node.Intake.Protocol;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Node.Intake;

/// <summary>Where requests that other nodes offer come in: it answers when all of them have become durable or were declined.</summary>
internal sealed class OfferEndpoint(ClusterSecret secret, ActorCatalog catalog, IRequestIntake intake)
{
    /// <summary>Its path.</summary>
    public const string Path = "/internal/offers";

    /// <summary>Answers one HTTP request.</summary>
    public Task Answer(HttpContext http) => ProvenBody.Read(http, secret, OfferFormat.MostBytes, async (body, proof) =>
    {
        var requests = Read(body.Span);

        // Whether anybody still waits for the answer or not: what was taken up is not given up.
        var outcomes = await Task.WhenAll(requests.ConvertAll(r => intake.Offer(r, CancellationToken.None).AsTask()));
        var answer = new OutcomeBatch { Answers = proof };
        answer.Outcomes.AddRange(outcomes.Select(OfferFormat.Write));
        var bytes = answer.ToByteArray();
        http.Response.Headers[ClusterSecret.Header] = secret.Prove(bytes);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    });

    private List<NewRequest> Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var offers = OfferBatch.Parser.ParseFrom(body).Offers;
            return offers.Count <= OfferFormat.MostOffers ? [.. offers.Select(o => OfferFormat.Read(o, catalog))] : throw new FormatException("These are too many offers.");
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new FormatException($"These are no offers: {e.Message}", e);
        }
    }
}

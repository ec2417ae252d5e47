using Google.Protobuf;
using Latecomer.Node.Intake.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Intake;

/// <summary>Offers and their outcomes as they travel between nodes.</summary>
internal static class OfferFormat
{
    /// <summary>The largest batch of offers, bytes: many of the usual size, and the largest one.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The most offers of one batch.</summary>
    public const int MostOffers = 256;

    public static Offer Write(NewRequest request) => new()
    {
        RequestId = request.Id.Value,
        Hash = request.Hash,
        Actor = request.To.ToString(),
        Type = request.Message.Type,
        SchemaVersion = request.Message.SchemaVersion,
        Body = UnsafeByteOperations.UnsafeWrap(request.Message.Body),
        ExpiresAt = request.ExpiresAt.UtcTicks,
        Origin = request.Origin is { } origin ? new Origin { Method = origin.Method, Caller = origin.Caller, Address = origin.Address } : null,
    };

    /// <summary>The shard is not taken on trust.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static NewRequest Read(Offer offer, ActorCatalog catalog)
    {
        var to = ActorId.Parse(offer.Actor);
        return new NewRequest(
            RequestId.Parse(offer.RequestId), offer.Hash, to, catalog.ShardOf(to), new SerializedMessage(offer.Type, offer.SchemaVersion, offer.Body.ToByteArray()),
            new DateTimeOffset(offer.ExpiresAt, TimeSpan.Zero),
            offer.Origin is { } origin ? new RequestOrigin(origin.Method, origin.Caller, origin.Address) : null);
    }

    public static Outcome Write(OfferOutcome outcome)
    {
        var written = new Outcome { TakenUp = outcome is OfferOutcome.TakenUp };
        if (outcome is OfferOutcome.TakenUp { Reply: { } reply })
        {
            written.Status = reply.Status.ToString();
            if (reply.Body is { } body)
            {
                written.Body = UnsafeByteOperations.UnsafeWrap(body);
            }

            if (reply.Message is { } message)
            {
                written.Message = message;
            }
        }

        return written;
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static OfferOutcome Read(Outcome outcome)
    {
        if (!outcome.TakenUp)
        {
            return OfferOutcome.Declined.Instance;
        }

        if (outcome.Status.Length == 0)
        {
            return new OfferOutcome.TakenUp(Reply: null);
        }

        var status = Enum.TryParse<ReplyStatus>(outcome.Status, out var known) ? known : throw new FormatException($"'{outcome.Status}' is no status of a reply.");
        return new OfferOutcome.TakenUp(new StoredReply(status, outcome.HasBody ? outcome.Body.ToByteArray() : null, outcome.HasMessage ? outcome.Message : null));
    }
}

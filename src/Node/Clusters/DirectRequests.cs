using System.Security.Cryptography;
using System.Text;
using Latecomer.Grpc;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>Requests for what no actor decides: the store itself does it, or notes that it was asked for. They have ids like all others.</summary>
/// <param name="store">Where they are noted.</param>
/// <param name="kept">How long at least.</param>
/// <param name="newId">Makes up an id for those that bring none, which gives up only the right to repeat the call.</param>
internal sealed class DirectRequests(IRuntimeStore store, TimeSpan kept, Func<Guid> newId)
{
    /// <summary>The reply to what has nothing to say.</summary>
    public static StoredReply Done { get; } = new(ReplyStatus.Ok, Body: null, Message: null);

    /// <summary>The request of an id.</summary>
    /// <param name="requestId">The caller's; may be empty.</param>
    /// <param name="what">All that is asked: the same id with something else is refused.</param>
    /// <param name="reply">The reply if it is done.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<DecidedRequest> Of(string requestId, string what, StoredReply reply, CancellationToken cancellation)
    {
        var now = await store.Membership.Now(cancellation);
        var id = RequestId.Parse(requestId.Length == 0 ? $"edge-{newId():N}" : requestId);
        return new DecidedRequest(id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what))), reply, now, now + kept);
    }

    /// <summary>The refusal of an id that was used for something else.</summary>
    public static Status Mismatch(RequestId id) => new(StatusCode.InvalidArgument, $"The request id '{id}' was used for another request: use a new one.");
}

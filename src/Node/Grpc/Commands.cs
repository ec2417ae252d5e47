using System.Diagnostics;
using Google.Protobuf;
using Latecomer.Node.Http;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary>Hands mutating calls to actors and words their answers.</summary>
internal sealed class Commands(RequestEdge edge, Func<Guid> newId)
{
    /// <summary>Asks an actor. An empty request id is made up, which gives up only the right to repeat the call.</summary>
    /// <param name="requestId">The caller's id.</param>
    /// <param name="to">The actor.</param>
    /// <param name="message">The message, under the request's id.</param>
    /// <param name="read">Makes the answer of an ok reply.</param>
    /// <param name="cancellation">Ends the waiting, not the request.</param>
    public async Task<ApiReply> Ask<TReply>(
        string requestId, ActorId to, Func<RequestId, object> message, Func<TReply, IMessage> read, CancellationToken cancellation)
    {
        var id = RequestId.Parse(requestId.Length == 0 ? $"edge-{newId():N}" : requestId);
        return await edge.Ask(id, to, message(id), cancellation) switch
        {
            RequestOutcome.Replied { Reply: { Status: ReplyStatus.Ok, Body: { } body } } => new ApiReply.Ok(read(DurableJson.Read<TReply>(body))),
            RequestOutcome.Replied { Reply: { } reply } => new ApiReply.Refused(CodeOf(reply.Status), reply.Message ?? "No reason was given."),
            RequestOutcome.Mismatch => new ApiReply.Refused(ApiCode.InvalidArgument, $"The request id '{id}' was used for another request: use a new one."),
            RequestOutcome.Overloaded => new ApiReply.Refused(ApiCode.ResourceExhausted, "Too much waits already; nothing was done, ask later."),
            _ => throw new UnreachableException(),
        };
    }

    private static ApiCode CodeOf(ReplyStatus status) => status switch
    {
        ReplyStatus.InvalidArgument => ApiCode.InvalidArgument,
        ReplyStatus.NotFound => ApiCode.NotFound,
        ReplyStatus.AlreadyExists => ApiCode.AlreadyExists,
        ReplyStatus.FailedPrecondition => ApiCode.FailedPrecondition,
        ReplyStatus.Internal => ApiCode.Internal,
        _ => throw new UnreachableException(),
    };
}

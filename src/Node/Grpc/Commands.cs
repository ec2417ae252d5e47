using System.Diagnostics;
using Google.Protobuf;
using Latecomer.Grpc;
using Latecomer.Node.Access;
using Latecomer.Node.Http;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary>Hands mutating calls to actors and words their answers.</summary>
internal sealed class Commands(RequestEdge edge, Func<Guid> newId)
{
    /// <summary>Asks an actor because of a call: the turn that it leads to has a record of who called. An empty request id is made up, which gives up only the right to
    /// repeat the call.</summary>
    /// <param name="requestId">The caller's id.</param>
    /// <param name="to">The actor.</param>
    /// <param name="message">The message, under the request's id.</param>
    /// <param name="read">Makes the answer of an ok reply.</param>
    /// <param name="call">The call. Its end ends the waiting, not the request.</param>
    public async Task<Reply<TResponse>> Ask<TReply, TResponse>(
        string requestId, ActorId to, Func<RequestId, object> message, Func<TReply, TResponse> read, RpcCall call)
        where TResponse : class, IMessage
    {
        var id = RequestId.Parse(requestId.Length == 0 ? $"edge-{newId():N}" : requestId);
        var caller = call.Identity as Caller;
        var outcome = await edge.Ask(id, to, message(id), call.Cancellation, caller?.Origin(MethodAccess.NameOf(call.Method)));
        if (outcome is RequestOutcome.Replied)
        {
            caller?.IsRecorded = true;
        }

        return outcome switch
        {
            RequestOutcome.Replied { Reply: { Status: ReplyStatus.Ok, Body: { } body } } => read(DurableJson.Read<TReply>(body)),
            RequestOutcome.Replied { Reply: { } reply } => new Status(CodeOf(reply.Status), reply.Message ?? "No reason was given."),
            RequestOutcome.Mismatch => new Status(StatusCode.InvalidArgument, $"The request id '{id}' was used for another request: use a new one.").With(ErrorReasons.Reason("REQUEST_ID_REUSED")),
            RequestOutcome.Overloaded => new Status(StatusCode.ResourceExhausted, "Too much waits already; nothing was done, ask later.").With(ErrorReasons.Reason("OVERLOADED")).With(ErrorReasons.AskAgain()),
            _ => throw new UnreachableException(),
        };
    }

    private static StatusCode CodeOf(ReplyStatus status) => status switch
    {
        ReplyStatus.InvalidArgument => StatusCode.InvalidArgument,
        ReplyStatus.NotFound => StatusCode.NotFound,
        ReplyStatus.AlreadyExists => StatusCode.AlreadyExists,
        ReplyStatus.FailedPrecondition => StatusCode.FailedPrecondition,
        ReplyStatus.Internal => StatusCode.Internal,
        ReplyStatus.Unavailable => StatusCode.Unavailable,
        _ => throw new UnreachableException(),
    };
}

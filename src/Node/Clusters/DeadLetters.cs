using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Grpc;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>What people do with messages that were set aside: the calls of <c>latecomer.v1.Cluster</c> for them.</summary>
internal sealed class DeadLetters(IRuntimeStore store, ActorCatalog catalog, IHints hints, DirectRequests requests)
{
    /// <summary>The methods.</summary>
    public IEnumerable<RpcMethod> Methods(ServiceDescriptor service)
    {
        yield return RpcMethod.Unary<ListDeadLettersRequest, ListDeadLettersResponse>(service, "ListDeadLetters", List);
        yield return RpcMethod.Unary<GetDeadLetterRequest, Protocol.DeadLetter>(service, "GetDeadLetter", (request, call) => Get(request.Id, call.Cancellation));
        yield return RpcMethod.Unary<RetryDeadLetterRequest, RetryDeadLetterResponse>(service, "RetryDeadLetter", (request, call) =>
            Settle(request.Id, LetterFate.Retried, request.RequestId, new RetryDeadLetterResponse(), call.Cancellation));
        yield return RpcMethod.Unary<DiscardDeadLetterRequest, DiscardDeadLetterResponse>(service, "DiscardDeadLetter", (request, call) =>
            Settle(request.Id, LetterFate.Discarded, request.RequestId, new DiscardDeadLetterResponse(), call.Cancellation));
    }

    private async Task<Reply<ListDeadLettersResponse>> List(ListDeadLettersRequest request, RpcCall call)
    {
        var (letters, next) = await Pages.Read(
            (after, limit) => store.DeadLetters.List(after, limit, suspendingOnly: false, call.Cancellation), letter => letter.Id, request.PageSize, request.PageToken);
        var response = new ListDeadLettersResponse { NextPageToken = next };
        response.DeadLetters.AddRange(letters.Select(letter => Shown(letter, FirstLine(letter.Error), body: "")));
        return response;
    }

    private async Task<Reply<Protocol.DeadLetter>> Get(long id, CancellationToken cancellation) => await Find(id, cancellation) is { } letter
        ? Shown(letter, letter.Error, Encoding.UTF8.GetString(letter.Message.Body))
        : Gone(id);

    private async Task<Reply<TResponse>> Settle<TResponse>(long id, LetterFate fate, string requestId, TResponse done, CancellationToken cancellation)
        where TResponse : class, IMessage
    {
        var letter = await Find(id, cancellation);
        var request = await requests.Of(requestId, string.Create(CultureInfo.InvariantCulture, $"dead letter {id} {fate}"), DirectRequests.Done, cancellation);
        switch (await store.DeadLetters.Settle(id, fate, request, cancellation))
        {
            case null:
                return Gone(id);
            case SubmitOutcome.Accepted when letter is not null:
                hints.Publish(new Hint.MailArrived(catalog.ShardOf(letter.To)));
                return done;
            case SubmitOutcome.Accepted or SubmitOutcome.Decided:
                return done;
            default:
                return DirectRequests.Mismatch(request.Id);
        }
    }

    private async Task<Runtime.DeadLetter?> Find(long id, CancellationToken cancellation) =>
        (await store.DeadLetters.List(id - 1, limit: 1, suspendingOnly: false, cancellation)).FirstOrDefault(letter => letter.Id == id);

    private static Status Gone(long id) => new(StatusCode.NotFound, $"There is no dead letter {id}: it was retried or discarded, or never was.");

    private static string FirstLine(string error) => error.Split('\n', 2)[0].TrimEnd('\r');

    private static Protocol.DeadLetter Shown(Runtime.DeadLetter letter, string error, string body) => new()
    {
        Id = letter.Id,
        To = letter.To.ToString(),
        From = letter.From?.ToString() ?? "",
        Type = letter.Message.Type,
        Body = body,
        Cause = letter.Cause,
        RequestId = letter.Request?.ToString() ?? "",
        Error = error,
        Suspends = letter.Suspends,
        SetAsideTime = letter.At.ToTimestamp(),
    };
}

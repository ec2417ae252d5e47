using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Node.Grpc;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>What people do with messages that were set aside: the calls of <c>latecomer.v1.Cluster</c> for them.</summary>
internal sealed class DeadLetters(IRuntimeStore store, ActorCatalog catalog, IHints hints)
{
    /// <summary>The methods.</summary>
    public IEnumerable<UnaryMethod> Methods(ServiceDescriptor service)
    {
        yield return UnaryMethod.Of<ListDeadLettersRequest>(service, "ListDeadLetters", List);
        yield return UnaryMethod.Of<GetDeadLetterRequest>(service, "GetDeadLetter", (request, cancellation) => Get(request.Id, cancellation));
        yield return UnaryMethod.Of<RetryDeadLetterRequest>(service, "RetryDeadLetter", (request, cancellation) =>
            Settle(request.Id, store.DeadLetters.Retry, new RetryDeadLetterResponse(), cancellation));
        yield return UnaryMethod.Of<DiscardDeadLetterRequest>(service, "DiscardDeadLetter", (request, cancellation) =>
            Settle(request.Id, store.DeadLetters.Discard, new DiscardDeadLetterResponse(), cancellation));
    }

    private async Task<ApiReply> List(ListDeadLettersRequest request, CancellationToken cancellation)
    {
        var (letters, next) = await Pages.Read(
            (after, limit) => store.DeadLetters.List(after, limit, suspendingOnly: false, cancellation), letter => letter.Id, request.PageSize, request.PageToken);
        var response = new ListDeadLettersResponse { NextPageToken = next };
        response.DeadLetters.AddRange(letters.Select(letter => Shown(letter, FirstLine(letter.Error), body: "")));
        return new ApiReply.Ok(response);
    }

    private async Task<ApiReply> Get(long id, CancellationToken cancellation) => await Find(id, cancellation) is { } letter
        ? new ApiReply.Ok(Shown(letter, letter.Error, Encoding.UTF8.GetString(letter.Message.Body)))
        : Gone(id);

    private async Task<ApiReply> Settle(long id, Func<long, CancellationToken, ValueTask<bool>> settle, IMessage done, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not { } letter || !await settle(id, cancellation))
        {
            return Gone(id);
        }

        hints.Publish(new Hint.MailArrived(catalog.ShardOf(letter.To)));
        return new ApiReply.Ok(done);
    }

    private async Task<Runtime.DeadLetter?> Find(long id, CancellationToken cancellation) =>
        (await store.DeadLetters.List(id - 1, limit: 1, suspendingOnly: false, cancellation)).FirstOrDefault(letter => letter.Id == id);

    private static ApiReply.Refused Gone(long id) => new(ApiCode.NotFound, $"There is no dead letter {id}: it was retried or discarded, or never was.");

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

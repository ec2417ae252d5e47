using Google.Protobuf;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;

namespace Latecomer.Node.Grpc;

/// <summary><c>Runs.Watch</c> and <c>Partitions.Watch</c>. A response never ends within a turn, so that its token goes on after whole ones.</summary>
/// <param name="watch">What they follow.</param>
/// <param name="quiet">After how long without a change a token comes all the same, so that it does not age.</param>
/// <param name="time">The process's clock.</param>
internal sealed class WatchMethods(JournalWatch watch, TimeSpan quiet, TimeProvider time)
{
    /// <summary>The methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        yield return RpcMethod.ServerStream<WatchRunsRequest, WatchRunsResponse>(RunsReflection.Descriptor.Services[0], "Watch", (request, responses, call) =>
            Watch(request.Pipeline, request.ResumeToken, turn => turn.RunChanges, ToResponse, responses, call));
        yield return RpcMethod.ServerStream<WatchPartitionsRequest, WatchPartitionsResponse>(PartitionsReflection.Descriptor.Services[0], "Watch", (request, responses, call) =>
            Watch(request.Pipeline, request.ResumeToken, turn => turn.PartitionChanges, ToResponse, responses, call));
    }

    private static WatchRunsResponse ToResponse(string token, IEnumerable<RunChange> changes) => new() { ResumeToken = token, Changes = { changes } };

    private static WatchPartitionsResponse ToResponse(string token, IEnumerable<PartitionChange> changes) => new() { ResumeToken = token, Changes = { changes } };

    private async Task<Status> Watch<TChange, TResponse>(
        string pipeline, string token, Func<JournalTurn, IEnumerable<TChange>> changesOf, Func<string, IEnumerable<TChange>, TResponse> toResponse,
        Responses<TResponse> responses, RpcCall call)
        where TResponse : class, IMessage
    {
        var only = pipeline.Length == 0 ? "" : $"{PipelineName.Parse(pipeline)}/";
        var journal = await watch.Journal(call.Cancellation);
        var isFirst = true;
        var written = time.GetTimestamp();
        await foreach (var passage in watch.Follow(token, quiet, call.Cancellation))
        {
            var changes = passage.Turns.Where(t => t.Actor.Key.StartsWith(only, StringComparison.Ordinal)).SelectMany(changesOf).ToList();
            if (changes.Count > 0 || isFirst || time.GetElapsedTime(written) >= quiet)
            {
                await responses.Write(toResponse(passage.Place.ToToken(journal), changes));
                isFirst = false;
                written = time.GetTimestamp();
            }
        }

        return Status.Ok;
    }
}

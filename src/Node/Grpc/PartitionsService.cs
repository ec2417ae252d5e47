using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Partitions</c>.</summary>
internal sealed class PartitionsService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = PartitionsReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ListPartitionsRequest, ListPartitionsResponse>(service, "List", List);
        yield return RpcMethod.Unary<GetPartitionRequest, Partition>(service, "Get", Get);
        yield return RpcMethod.Unary<MarkAsProcessingRequest, MarkAsProcessingResponse>(service, "MarkAsProcessing", MarkAsProcessing);
        yield return RpcMethod.Unary<MarkAsProcessedRequest, MarkAsProcessedResponse>(service, "MarkAsProcessed", MarkAsProcessed);
        yield return RpcMethod.Unary<DismissPartitionRequest, Partition>(service, "Dismiss", (request, call) => Decide(
            request.RequestId, request.Pipeline, request.LogicalDate, id => new PartitionMessage.Dismiss(id, Reasons.Of(request.Reason)), call));
        yield return RpcMethod.Unary<ApprovePartitionRequest, Partition>(service, "Approve", (request, call) => Decide(
            request.RequestId, request.Pipeline, request.LogicalDate, id => new PartitionMessage.Approve(id), call));
        yield return RpcMethod.Unary<ReleasePartitionRequest, Partition>(service, "Release", (request, call) =>
        {
            var (run, reason) = (RunId.Parse(request.RunId), Reasons.Of(request.Reason));
            return Decide(request.RequestId, request.Pipeline, request.LogicalDate, id => new PartitionMessage.Release(id, run, reason), call);
        });
    }

    private async Task<Reply<ListPartitionsResponse>> List(ListPartitionsRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var (page, next) = await Pages.Read<PartitionRow>(
            rows, request.Late ? Projections.Late : Projections.Partitions, KeyRange.Of(pipeline, request.FromDate, request.ToDate), row => IsWanted(row, request),
            request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, call.Cancellation) is null)
        {
            return new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListPartitionsResponse { NextPageToken = next };
        response.Partitions.AddRange(page.Select(row => row.ToWire()));
        return response;
    }

    private static bool IsWanted(PartitionRow row, ListPartitionsRequest request) =>
        (!request.Held || row.HeldBy is not null) && (!request.Claimed || row.ClaimId is not null) && (!request.NeedsApproval || row.NeedsApproval);

    private async Task<Reply<Partition>> Get(GetPartitionRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var date = LogicalDate.Parse(request.LogicalDate);
        return await rows.Get(Projections.Partitions, $"{pipeline}/{date}", call.Cancellation) is { } row
            ? row.As<PartitionRow>().ToWire()
            : await NotFound(pipeline, date, call.Cancellation);
    }

    private async Task<Status> NotFound(PipelineName pipeline, LogicalDate date, CancellationToken cancellation) =>
        await rows.Get(Projections.Pipelines, pipeline.Value, cancellation) is null
            ? new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.")
            : new Status(StatusCode.NotFound, $"Nothing is known of {date} of {pipeline}.");

    private Task<Reply<MarkAsProcessingResponse>> MarkAsProcessing(MarkAsProcessingRequest request, RpcCall call)
    {
        var date = LogicalDate.Parse(request.LogicalDate);
        var run = RunId.Parse(request.RunId);
        var number = TryNumbers.Of(request.TryNumber);
        return commands.Ask<MarkAsProcessingReply, MarkAsProcessingResponse>(
            request.RequestId,
            ActorIds.Pipeline(PipelineName.Parse(request.Pipeline)),
            id => new PipelineMessage.MarkAsProcessing(id, date, run, number),
            reply => new MarkAsProcessingResponse { Pin = { RunMapping.ToWire(reply.Pin) }, HoldNumber = reply.HoldNumber, Backfill = reply.Backfill },
            call);
    }

    private Task<Reply<MarkAsProcessedResponse>> MarkAsProcessed(MarkAsProcessedRequest request, RpcCall call)
    {
        var run = RunId.Parse(request.RunId);
        return commands.Ask<MarkAsProcessedReply, MarkAsProcessedResponse>(
            request.RequestId,
            ActorIds.Partition(PipelineName.Parse(request.Pipeline), LogicalDate.Parse(request.LogicalDate)),
            id => new PartitionMessage.MarkAsProcessed(id, run, request.HoldNumber == 0 ? null : request.HoldNumber),
            reply => new MarkAsProcessedResponse { Pin = { RunMapping.ToWire(reply.Pin) }, Late = reply.Late },
            call);
    }

    /// <summary>A partition of which nothing is known is asked nothing: it would answer as one that is not late.</summary>
    private async Task<Reply<Partition>> Decide(string requestId, string pipeline, string date, Func<RequestId, PartitionMessage> message, RpcCall call)
    {
        var (name, when) = (PipelineName.Parse(pipeline), LogicalDate.Parse(date));
        return await rows.Get(Projections.Partitions, $"{name}/{when}", call.Cancellation) is null
            ? await NotFound(name, when, call.Cancellation)
            : await commands.Ask<PartitionRow, Partition>(requestId, ActorIds.Partition(name, when), message, row => row.ToWire(), call);
    }
}

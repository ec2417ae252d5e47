using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Partitions</c>.</summary>
internal sealed class PartitionsService(IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = PartitionsReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ListPartitionsRequest, ListPartitionsResponse>(service, "List", List);
        yield return RpcMethod.Unary<GetPartitionRequest, Partition>(service, "Get", Get);
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
        if (await rows.Get(Projections.Partitions, $"{pipeline}/{date}", call.Cancellation) is { } row)
        {
            return row.As<PartitionRow>().ToWire();
        }

        return await rows.Get(Projections.Pipelines, pipeline.Value, call.Cancellation) is null
            ? new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.")
            : new Status(StatusCode.NotFound, $"Nothing is known of {date} of {pipeline}.");
    }
}

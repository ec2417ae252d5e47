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
        yield return RpcMethod.Unary<ListPartitionsRequest, ListPartitionsResponse>(PartitionsReflection.Descriptor.Services[0], "List", List);
    }

    private async Task<Reply<ListPartitionsResponse>> List(ListPartitionsRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var (page, next) = await Pages.Read<PartitionRow>(
            rows, request.Late ? Projections.Late : Projections.Partitions, $"{pipeline}/", request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, call.Cancellation) is null)
        {
            return new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListPartitionsResponse { NextPageToken = next };
        response.Partitions.AddRange(page.Select(row => row.ToWire()));
        return response;
    }
}

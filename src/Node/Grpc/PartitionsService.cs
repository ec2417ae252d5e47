using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Partitions</c>.</summary>
internal sealed class PartitionsService(IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        yield return UnaryMethod.Of<ListPartitionsRequest>(PartitionsReflection.Descriptor.Services[0], "List", List);
    }

    private async Task<ApiReply> List(ListPartitionsRequest request, CancellationToken cancellation)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var (page, next) = await Pages.Read<PartitionRow>(
            rows, request.Late ? Projections.Late : Projections.Partitions, $"{pipeline}/", request.PageSize, request.PageToken, cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, cancellation) is null)
        {
            return new ApiReply.Refused(ApiCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListPartitionsResponse { NextPageToken = next };
        response.Partitions.AddRange(page.Select(row => row.ToWire()));
        return new ApiReply.Ok(response);
    }
}

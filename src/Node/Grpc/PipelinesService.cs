using Latecomer.Actors;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Pipelines</c>.</summary>
internal sealed class PipelinesService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        var service = PipelinesReflection.Descriptor.Services[0];
        yield return UnaryMethod.Of<ApplyPipelineRequest>(service, "Apply", Apply);
        yield return UnaryMethod.Of<ListPipelinesRequest>(service, "List", List);
    }

    private Task<ApiReply> Apply(ApplyPipelineRequest request, CancellationToken cancellation)
    {
        var definition = (request.Pipeline ?? throw new FormatException("The request needs a pipeline.")).ToDefinition();
        return commands.Ask<ApplyReply>(
            request.RequestId,
            ActorIds.Pipeline(definition.Name),
            id => new PipelineMessage.Apply(id, definition),
            reply => new ApplyPipelineResponse { Pipeline = reply.Definition.ToWire(), Changed = reply.Changed },
            cancellation);
    }

    private async Task<ApiReply> List(ListPipelinesRequest request, CancellationToken cancellation)
    {
        var (page, next) = await Pages.Read<PipelineRow>(rows, Projections.Pipelines, "", request.PageSize, request.PageToken, cancellation);
        var response = new ListPipelinesResponse { NextPageToken = next };
        response.Pipelines.AddRange(page.Select(row => row.Definition.ToWire()));
        return new ApiReply.Ok(response);
    }
}

using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Pipelines</c>.</summary>
internal sealed class PipelinesService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = PipelinesReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ApplyPipelineRequest, ApplyPipelineResponse>(service, "Apply", Apply);
        yield return RpcMethod.Unary<ListPipelinesRequest, ListPipelinesResponse>(service, "List", List);
        yield return RpcMethod.Unary<GetPipelineRequest, PipelineStatus>(service, "Get", Get);
        yield return RpcMethod.Unary<PausePipelineRequest, PipelineStatus>(service, "Pause", (request, call) =>
            Ask(request.Name, request.RequestId, id => new PipelineMessage.Pause(id), call));
        yield return RpcMethod.Unary<UnpausePipelineRequest, PipelineStatus>(service, "Unpause", (request, call) =>
            Ask(request.Name, request.RequestId, id => new PipelineMessage.Unpause(id), call));
        yield return RpcMethod.Unary<DeletePipelineRequest, DeletePipelineResponse>(service, "Delete", (request, call) => commands.Ask<DeleteReply, DeletePipelineResponse>(
            request.RequestId, ActorIds.Pipeline(PipelineName.Parse(request.Name)), id => new PipelineMessage.Delete(id), _ => new DeletePipelineResponse(), call));
        yield return RpcMethod.Unary<AdoptPipelineRequest, AdoptPipelineResponse>(service, "Adopt", Adopt);
    }

    private Task<Reply<ApplyPipelineResponse>> Apply(ApplyPipelineRequest request, RpcCall call)
    {
        var definition = (request.Pipeline ?? throw new FormatException("The request needs a pipeline.")).ToDefinition();
        return commands.Ask<ApplyReply, ApplyPipelineResponse>(
            request.RequestId,
            ActorIds.Pipeline(definition.Name),
            id => new PipelineMessage.Apply(id, definition, request.Paused),
            reply => new ApplyPipelineResponse { Pipeline = reply.Definition.ToWire(), Changed = reply.Changed },
            call);
    }

    private Task<Reply<AdoptPipelineResponse>> Adopt(AdoptPipelineRequest request, RpcCall call)
    {
        var name = PipelineName.Parse(request.Name);
        var (through, pin, table) = request.WhatCase switch
        {
            AdoptPipelineRequest.WhatOneofCase.ProcessedThrough => ((LogicalDate?)LogicalDate.Parse(request.ProcessedThrough.LogicalDate), request.ProcessedThrough.Versions.ToPin(), (TablePath?)null),
            AdoptPipelineRequest.WhatOneofCase.StateTable => (null, Pin.None, TablePath.Parse(request.StateTable.Table)),
            _ => throw new FormatException("The request needs what was processed: processed_through, or state_table."),
        };
        return commands.Ask<AdoptReply, AdoptPipelineResponse>(
            request.RequestId,
            ActorIds.Pipeline(name),
            id => new PipelineMessage.Adopt(id, through, pin, table, request.DryRun),
            reply => new AdoptPipelineResponse { Adopted = reply.Adopted, Late = reply.Late, NextLogicalDate = reply.NextDate.ToString() },
            call);
    }

    private async Task<Reply<ListPipelinesResponse>> List(ListPipelinesRequest request, RpcCall call)
    {
        var (page, next) = await Pages.Read<PipelineRow>(rows, Projections.Pipelines, "", request.PageSize, request.PageToken, call.Cancellation);
        var response = new ListPipelinesResponse { NextPageToken = next };
        response.Pipelines.AddRange(page.Select(row => row.Definition.ToWire()));
        response.Statuses.AddRange(page.Select(row => row.StatusToWire()));
        return response;
    }

    private Task<Reply<PipelineStatus>> Ask(string name, string requestId, Func<RequestId, PipelineMessage> message, RpcCall call) =>
        commands.Ask<PipelineRow, PipelineStatus>(requestId, ActorIds.Pipeline(PipelineName.Parse(name)), message, row => row.ToWire(), call);

    private async Task<Reply<PipelineStatus>> Get(GetPipelineRequest request, RpcCall call)
    {
        var name = PipelineName.Parse(request.Name);
        return await rows.Get(Projections.Pipelines, name.Value, call.Cancellation) is { } row
            ? row.As<PipelineRow>().ToWire()
            : new Status(StatusCode.NotFound, $"There is no pipeline {name}.");
    }
}

using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Runs</c>.</summary>
internal sealed class RunsService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        var service = RunsReflection.Descriptor.Services[0];
        yield return UnaryMethod.Of<ListRunsRequest>(service, "List", List);
        yield return UnaryMethod.Of<ClearRunsRequest>(service, "Clear", Clear);
        yield return UnaryMethod.Of<TriggerRunRequest>(service, "Trigger", Trigger);
    }

    private async Task<ApiReply> List(ListRunsRequest request, CancellationToken cancellation)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var (page, next) = await Pages.Read<RunRow>(rows, Projections.Runs, $"{pipeline}/", request.PageSize, request.PageToken, cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, cancellation) is null)
        {
            return new ApiReply.Refused(ApiCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListRunsResponse { NextPageToken = next };
        response.Runs.AddRange(page.Select(row => row.ToWire()));
        return new ApiReply.Ok(response);
    }

    private Task<ApiReply> Clear(ClearRunsRequest request, CancellationToken cancellation)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var date = LogicalDate.Parse(request.LogicalDate);
        RunId? run = request.RunId.Length == 0 ? null : RunId.Parse(request.RunId);
        return commands.Ask<ClearReply>(
            request.RequestId,
            ActorIds.Pipeline(pipeline),
            id => new PipelineMessage.Clear(
                id, date, run, request.TaskId.Length == 0 ? null : request.TaskId,
                request.Past, request.Future, request.Upstream, request.Downstream, request.DryRun),
            ToResponse,
            cancellation);
    }

    private static ClearRunsResponse ToResponse(ClearReply reply)
    {
        var response = new ClearRunsResponse
        {
            AffectedTaskInstances = reply.TaskInstances,
            AffectedRuns = reply.Runs,
            FirstLogicalDate = reply.From.ToString(),
            LastLogicalDate = reply.To.ToString(),
        };
        response.TaskIds.AddRange(reply.TaskIds);
        return response;
    }

    private Task<ApiReply> Trigger(TriggerRunRequest request, CancellationToken cancellation)
    {
        var date = LogicalDate.Parse(request.LogicalDate);
        return commands.Ask<TriggerReply>(
            request.RequestId,
            ActorIds.Pipeline(PipelineName.Parse(request.Pipeline)),
            id => new PipelineMessage.Trigger(id, date),
            reply => new TriggerRunResponse { RunId = reply.Run.Value, LogicalDate = reply.Date.ToString() },
            cancellation);
    }
}

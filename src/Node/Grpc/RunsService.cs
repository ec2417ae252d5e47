using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Runs</c>.</summary>
internal sealed class RunsService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = RunsReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ListRunsRequest, ListRunsResponse>(service, "List", List);
        yield return RpcMethod.Unary<ClearRunsRequest, ClearRunsResponse>(service, "Clear", Clear);
        yield return RpcMethod.Unary<TriggerRunRequest, TriggerRunResponse>(service, "Trigger", Trigger);
        yield return RpcMethod.Unary<GetRunRequest, Run>(service, "Get", Get);
        yield return RpcMethod.Unary<CancelRunRequest, Run>(service, "Cancel", Cancel);
        yield return RpcMethod.Unary<ListTriesRequest, ListTriesResponse>(service, "ListTries", ListTries);
    }

    private async Task<Reply<ListRunsResponse>> List(ListRunsRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        long? backfill = request.BackfillId.Length == 0 ? null : BackfillMapping.NumberOf(request.BackfillId);
        var (page, next) = await Pages.Read<RunRow>(
            rows, Projections.Runs, KeyRange.Of(pipeline, request.FromDate, request.ToDate), row => IsWanted(row, request, backfill),
            request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, call.Cancellation) is null)
        {
            return new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListRunsResponse { NextPageToken = next };
        response.Runs.AddRange(page.Select(row => row.ToWire()));
        return response;
    }

    private static bool IsWanted(RunRow row, ListRunsRequest request, long? backfill) =>
        (backfill is null || row.Backfill == backfill)
        && (request.States.Count == 0 || request.States.Contains(RunMapping.ToWire(row.State)))
        && (request.Kinds.Count == 0 || request.Kinds.Contains(RunMapping.ToWire(row.Kind)));

    private async Task<Reply<Run>> Get(GetRunRequest request, RpcCall call)
    {
        var key = RunKey.Of(request.Pipeline, request.LogicalDate, request.RunId);
        return await rows.Get(Projections.Runs, key.ToString(), call.Cancellation) is { } row ? row.As<RunRow>().ToWire() : key.NotFound();
    }

    private async Task<Reply<ListTriesResponse>> ListTries(ListTriesRequest request, RpcCall call)
    {
        var key = RunKey.Of(request.Pipeline, request.LogicalDate, request.RunId);
        var (page, next) = await Pages.Read<TryRow>(rows, Projections.Tries, $"{key}/", request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Runs, key.ToString(), call.Cancellation) is null)
        {
            return key.NotFound();
        }

        var response = new ListTriesResponse { NextPageToken = next };
        response.Tries.AddRange(page.Select(row => row.ToWire()));
        return response;
    }

    private Task<Reply<ClearRunsResponse>> Clear(ClearRunsRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var date = LogicalDate.Parse(request.LogicalDate);
        RunId? run = request.RunId.Length == 0 ? null : RunId.Parse(request.RunId);
        return commands.Ask<ClearReply, ClearRunsResponse>(
            request.RequestId,
            ActorIds.Pipeline(pipeline),
            id => new PipelineMessage.Clear(
                id, date, run, request.TaskId.Length == 0 ? null : request.TaskId,
                request.Past, request.Future, request.Upstream, request.Downstream, request.DryRun, request.OnlyFailed),
            ToResponse,
            call);
    }

    private Task<Reply<Run>> Cancel(CancelRunRequest request, RpcCall call)
    {
        var key = RunKey.Of(request.Pipeline, request.LogicalDate, request.RunId);
        return commands.Ask<RunRow, Run>(
            request.RequestId, ActorIds.Partition(key.Pipeline, key.Date), id => new PartitionMessage.CancelRun(id, key.Run), row => row.ToWire(), call);
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

    private Task<Reply<TriggerRunResponse>> Trigger(TriggerRunRequest request, RpcCall call)
    {
        var date = LogicalDate.Parse(request.LogicalDate);
        return commands.Ask<TriggerReply, TriggerRunResponse>(
            request.RequestId,
            ActorIds.Pipeline(PipelineName.Parse(request.Pipeline)),
            id => new PipelineMessage.Trigger(id, date),
            reply => new TriggerRunResponse { RunId = reply.Run.Value, LogicalDate = reply.Date.ToString() },
            call);
    }
}

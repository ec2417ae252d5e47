using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Backfills</c>, as far as it is about ranges of dates.</summary>
internal sealed class RangeBackfillsService(Commands commands, IProjectionStore rows)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = BackfillsReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<CreateBackfillRequest, CreateBackfillResponse>(service, "Create", Create);
        yield return RpcMethod.Unary<ListBackfillsRequest, ListBackfillsResponse>(service, "List", List);
        yield return RpcMethod.Unary<GetBackfillRequest, Backfill>(service, "Get", Get);
        yield return RpcMethod.Unary<PauseBackfillRequest, Backfill>(service, "Pause", (request, call) =>
            Steer(request.Pipeline, request.BackfillId, request.RequestId, (id, number) => new PipelineMessage.PauseBackfill(id, number), call));
        yield return RpcMethod.Unary<UnpauseBackfillRequest, Backfill>(service, "Unpause", (request, call) =>
            Steer(request.Pipeline, request.BackfillId, request.RequestId, (id, number) => new PipelineMessage.UnpauseBackfill(id, number), call));
        yield return RpcMethod.Unary<CancelBackfillRequest, Backfill>(service, "Cancel", (request, call) =>
            Steer(request.Pipeline, request.BackfillId, request.RequestId, (id, number) => new PipelineMessage.CancelBackfill(id, number), call));
    }

    private Task<Reply<CreateBackfillResponse>> Create(CreateBackfillRequest request, RpcCall call)
    {
        var dates = new DateRange(LogicalDate.Parse(request.FromDate), LogicalDate.Parse(request.ToDate));
        var behavior = request.ReprocessBehavior.ToDomain();
        return commands.Ask<CreateBackfillReply, CreateBackfillResponse>(
            request.RequestId,
            ActorIds.Pipeline(PipelineName.Parse(request.Pipeline)),
            id => new PipelineMessage.CreateBackfill(id, dates, behavior, request.RunBackwards, request.MaxActiveRuns, request.DryRun),
            ToResponse,
            call);
    }

    private static CreateBackfillResponse ToResponse(CreateBackfillReply reply)
    {
        var response = new CreateBackfillResponse { Backfill = reply.Backfill?.ToWire(), PlannedRuns = reply.Planned, Skipped = reply.Skipped };
        response.LogicalDates.AddRange(reply.Dates.Select(d => d.ToString()));
        return response;
    }

    private async Task<Reply<ListBackfillsResponse>> List(ListBackfillsRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var (page, next) = await Pages.Read<BackfillRow>(
            rows, Projections.Backfills, new KeyRange($"{pipeline}/", After: null, End: null), row => !request.Active || row.EndedAt is null,
            request.PageSize, request.PageToken, call.Cancellation);
        if (page.Count == 0 && await rows.Get(Projections.Pipelines, pipeline.Value, call.Cancellation) is null)
        {
            return new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        var response = new ListBackfillsResponse { NextPageToken = next };
        response.Backfills.AddRange(page.Select(row => row.ToWire()));
        return response;
    }

    private async Task<Reply<Backfill>> Get(GetBackfillRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var number = BackfillMapping.NumberOf(request.BackfillId);
        return await rows.Get(Projections.Backfills, BackfillRow.KeyOf(pipeline, number), call.Cancellation) is { } row
            ? row.As<BackfillRow>().ToWire()
            : new Status(StatusCode.NotFound, $"There is no backfill {number} of {pipeline}.");
    }

    private Task<Reply<Backfill>> Steer(string pipeline, string backfill, string requestId, Func<RequestId, long, PipelineMessage> message, RpcCall call)
    {
        var number = BackfillMapping.NumberOf(backfill);
        return commands.Ask<BackfillRow, Backfill>(
            requestId, ActorIds.Pipeline(PipelineName.Parse(pipeline)), id => message(id, number), row => row.ToWire(), call);
    }
}

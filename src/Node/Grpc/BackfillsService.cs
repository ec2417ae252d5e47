using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using ClaimedPartition = Latecomer.Node.Protocol.ClaimedPartition;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Backfills</c>.</summary>
internal sealed class BackfillsService(Commands commands)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = BackfillsReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<CreateFromLateRequest, CreateFromLateResponse>(service, "CreateFromLate", CreateFromLate);
    }

    private Task<Reply<CreateFromLateResponse>> CreateFromLate(CreateFromLateRequest request, RpcCall call)
    {
        var date = LogicalDate.Parse(request.LogicalDate);
        var run = RunId.Parse(request.RunId);
        var number = TryNumbers.Of(request.TryNumber);
        return commands.Ask<CreateFromLateReply, CreateFromLateResponse>(
            request.RequestId,
            ActorIds.Pipeline(PipelineName.Parse(request.Pipeline)),
            id => new PipelineMessage.CreateFromLate(id, date, run, number),
            ToResponse,
            call);
    }

    private static CreateFromLateResponse ToResponse(CreateFromLateReply reply)
    {
        var response = new CreateFromLateResponse { ClaimId = reply.ClaimId ?? "", File = reply.File };
        response.Partitions.AddRange(reply.Partitions.Select(p => new ClaimedPartition { LogicalDate = p.Date.ToString(), RunId = p.Run.Value, Partition = p.Partition }));
        return response;
    }
}

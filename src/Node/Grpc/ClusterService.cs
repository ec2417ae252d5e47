using Latecomer.Grpc;
using Latecomer.Node.Clusters;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Cluster</c>.</summary>
internal sealed class ClusterService(ClusterPicture picture, Departure departure, DeadLetters letters, Inventory inventory, AuditList audit)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = ClusterReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<ShowClusterRequest, ShowClusterResponse>(service, "Show", async (_, call) => await picture.Take(call.Cancellation));
        yield return RpcMethod.Unary<ShowNodeRequest, ShowNodeResponse>(service, "ShowNode", (request, _) => Task.FromResult(ShowNode(request)));
        yield return RpcMethod.Unary<LeaveClusterRequest, LeaveClusterResponse>(service, "Leave", (request, call) => departure.Leave(request.Name, request.RequestId, call.Cancellation));
        yield return RpcMethod.Unary<ListAuditRecordsRequest, ListAuditRecordsResponse>(service, "ListAuditRecords", audit.List);
        foreach (var method in letters.Methods(service).Concat(inventory.Methods(service)))
        {
            yield return method;
        }
    }

    private Reply<ShowNodeResponse> ShowNode(ShowNodeRequest request) => picture.Own(request.Name) is { } own
        ? own
        : new Status(StatusCode.NotFound, $"No node named '{request.Name}' is here.");
}

using Latecomer.Node.Clusters;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Cluster</c>.</summary>
internal sealed class ClusterService(ClusterPicture picture, Departure departure, DeadLetters letters)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        var service = ClusterReflection.Descriptor.Services[0];
        yield return UnaryMethod.Of<ShowClusterRequest>(service, "Show", async (_, cancellation) => new ApiReply.Ok(await picture.Take(cancellation)));
        yield return UnaryMethod.Of<ShowNodeRequest>(service, "ShowNode", (request, _) => Task.FromResult(ShowNode(request)));
        yield return UnaryMethod.Of<LeaveClusterRequest>(service, "Leave", (request, cancellation) => departure.Leave(request.Name, cancellation));
        foreach (var method in letters.Methods(service))
        {
            yield return method;
        }
    }

    private ApiReply ShowNode(ShowNodeRequest request) => picture.Own(request.Name) is { } own
        ? new ApiReply.Ok(own)
        : new ApiReply.Refused(ApiCode.NotFound, $"No node named '{request.Name}' is here.");
}

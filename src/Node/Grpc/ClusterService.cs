using Google.Protobuf.WellKnownTypes;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Cluster</c>.</summary>
internal sealed class ClusterService(IRuntimeStore store, ActorCatalog catalog, NodeObserver observer)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<UnaryMethod> Methods()
    {
        yield return UnaryMethod.Of<ShowClusterRequest>(ClusterReflection.Descriptor.Services[0], "Show", Show);
    }

    private async Task<ApiReply> Show(ShowClusterRequest request, CancellationToken cancellation)
    {
        var now = await store.Membership.Now(cancellation);
        var members = (await store.Membership.List(cancellation)).Where(m => m.IsLive(now)).OrderBy(m => m.Registration.Name, StringComparer.Ordinal).ToList();
        var owners = (await store.Leases.List(cancellation)).Where(l => l.Owner is not null).ToList();
        var response = new ShowClusterResponse();
        response.Nodes.AddRange(members.Select(m => new ClusterNode
        {
            Name = m.Registration.Name,
            JoinedTime = m.JoinedAt.ToTimestamp(),
            Live = true,
            Shards = owners.Count(o => o.Owner == m.Registration.Incarnation),
            Turns = observer.Of(m.Registration.Name).Turns,
            Activities = observer.Of(m.Registration.Name).Activities,
        }));
        var names = members.ToDictionary(m => m.Registration.Incarnation, m => m.Registration.Name);
        response.Singletons.AddRange(catalog.Singletons.Select(s => new ClusterSingleton
        {
            Name = s.Name,
            Node = owners.FirstOrDefault(o => o.Shard == s.Shard)?.Owner is { } owner && names.TryGetValue(owner, out var name) ? name : "",
        }));
        return new ApiReply.Ok(response);
    }
}

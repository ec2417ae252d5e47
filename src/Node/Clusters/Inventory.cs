using System.Text;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>Which shards and actors there are, and who has them: the calls of <c>latecomer.v1.Cluster</c> for that.</summary>
internal sealed class Inventory(IRuntimeStore store, ActorCatalog catalog)
{
    private readonly Dictionary<int, string> _singletons = catalog.Singletons.ToDictionary(s => s.Shard.Number, s => s.Name);

    /// <summary>The methods.</summary>
    public IEnumerable<RpcMethod> Methods(ServiceDescriptor service)
    {
        yield return RpcMethod.Unary<ListShardsRequest, ListShardsResponse>(service, "ListShards", ListShards);
        yield return RpcMethod.Unary<ListActorsRequest, ListActorsResponse>(service, "ListActors", ListActors);
        yield return RpcMethod.Unary<GetActorRequest, ClusterActor>(service, "GetActor", (request, call) => GetActor(request, call.Cancellation));
    }

    private async Task<Reply<ListShardsResponse>> ListShards(ListShardsRequest request, RpcCall call)
    {
        var owners = await Owners(call.Cancellation);
        var shards = catalog.Shards.OrderBy(s => s.Number).Select(s => Shown(s, owners)).Where(s => request.Node.Length == 0 || s.Node == request.Node).ToList();

        // Numbers begin at 0, and a page after 0 must leave the first one out.
        var (page, next) = await Pages.Read<ClusterShard>(
            (after, limit) => ValueTask.FromResult<IReadOnlyList<ClusterShard>>([.. shards.Where(s => s.Shard >= after).Take(limit)]),
            s => s.Shard + 1L, request.PageSize, request.PageToken);
        return new ListShardsResponse { Shards = { page }, NextPageToken = next };
    }

    private async Task<Reply<ListActorsResponse>> ListActors(ListActorsRequest request, RpcCall call)
    {
        var owners = await Owners(call.Cancellation);
        var kinds = request.Kind.Length == 0 ? catalog.Kinds : catalog.Kinds.Where(k => k == request.Kind);
        var (page, next) = await Pages.Read<ActorStatus>(
            (after, limit) => List(kinds, request.KeyPrefix, after, limit, call.Cancellation), a => a.Actor.ToString(), request.PageSize, request.PageToken);
        return new ListActorsResponse { Actors = { page.Select(a => Shown(a, owners)) }, NextPageToken = next };
    }

    private async Task<Reply<ClusterActor>> GetActor(GetActorRequest request, CancellationToken cancellation)
    {
        if (request.Kind.Length == 0 || request.Key.Length == 0)
        {
            throw new FormatException("The request needs the actor's kind and key.");
        }

        if (!catalog.Kinds.Contains(request.Kind, StringComparer.Ordinal))
        {
            return new Status(StatusCode.NotFound, $"There are no actors of kind '{request.Kind}': there are {string.Join(", ", catalog.Kinds)}.");
        }

        var actor = new ActorId(request.Kind, request.Key);
        var shard = catalog.ShardOf(actor);
        if (await store.Turns.LoadStates(shard, [actor], cancellation) is not [var image])
        {
            return new Status(StatusCode.NotFound, $"Nothing ever happened to {actor}.");
        }

        var shown = Shown(new ActorStatus(actor, shard, image.Revision, image.Body.Length), await Owners(cancellation));
        shown.State = Encoding.UTF8.GetString(image.Body);
        return shown;
    }

    /// <summary>The actors of some kinds, kind after kind: each is a stretch of its own in the store's order.</summary>
    private async ValueTask<IReadOnlyList<ActorStatus>> List(IEnumerable<string> kinds, string keyPrefix, string? after, int limit, CancellationToken cancellation)
    {
        var found = new List<ActorStatus>();
        foreach (var prefix in kinds.Select(kind => $"{kind}/").Where(p => after is null || string.CompareOrdinal($"{p}\uFFFF", after) > 0))
        {
            found.AddRange(await store.Actors.List(prefix + keyPrefix, after, limit - found.Count, cancellation));
            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Who owns the shards that a live node owns.</summary>
    private async Task<Dictionary<int, (string Node, long Epoch)>> Owners(CancellationToken cancellation)
    {
        var now = await store.Membership.Now(cancellation);
        var live = (await store.Membership.List(cancellation)).Where(m => m.IsLive(now)).ToDictionary(m => m.Registration.Incarnation, m => m.Registration.Name);
        return (await store.Leases.List(cancellation)).ToDictionary(
            l => l.Shard.Number, l => (l.Owner is { } owner ? live.GetValueOrDefault(owner, "") : "", l.Epoch));
    }

    private ClusterShard Shown(ShardId shard, Dictionary<int, (string Node, long Epoch)> owners)
    {
        var (node, epoch) = owners.GetValueOrDefault(shard.Number, ("", 0));
        return new ClusterShard { Shard = shard.Number, Node = node, Epoch = epoch, Singleton = _singletons.GetValueOrDefault(shard.Number, "") };
    }

    private static ClusterActor Shown(ActorStatus actor, Dictionary<int, (string Node, long Epoch)> owners) => new()
    {
        Kind = actor.Actor.Kind,
        Key = actor.Actor.Key,
        Shard = actor.Shard.Number,
        Node = owners.GetValueOrDefault(actor.Shard.Number, ("", 0)).Node,
        Revision = actor.Revision,
        StateBytes = actor.StateBytes,
    };
}

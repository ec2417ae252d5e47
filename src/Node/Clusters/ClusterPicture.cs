using Google.Protobuf.WellKnownTypes;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>The cluster as the store and the nodes tell it. All times in it are by the store's clock.</summary>
internal sealed class ClusterPicture(IRuntimeStore store, ActorCatalog catalog, NodeCounts counts)
{
    private const int CountedTo = 100_000;
    private const int LettersCountedTo = 1000;

    private readonly List<ShardId> _shards = [.. catalog.Shards];

    /// <summary>What a node of this process did; null if it has none of that name.</summary>
    public ShowNodeResponse? Own(string name) => counts.Own(name);

    /// <summary>Takes it.</summary>
    public async Task<ShowClusterResponse> Take(CancellationToken cancellation)
    {
        var now = await store.Membership.Now(cancellation);
        var members = Shown(await store.Membership.List(cancellation), now);
        var leases = await store.Leases.List(cancellation);
        var told = await Task.WhenAll(members.Select(m => m.IsLive(now) ? counts.Of(m.Registration, cancellation) : Task.FromResult<ShowNodeResponse?>(null)));
        var names = members.Where(m => m.IsLive(now)).ToDictionary(m => m.Registration.Incarnation, m => m.Registration.Name);
        var response = new ShowClusterResponse
        {
            BusyShards = (await store.Turns.Ready(_shards, cancellation)).Shards.Count,
            UnownedShards = _shards.Count - leases.Count(l => l.Owner is { } owner && names.ContainsKey(owner)),
            DeadLetters = (await store.DeadLetters.List(after: 0, LettersCountedTo, suspendingOnly: false, cancellation)).Count,
            Backlog = await store.Turns.Waiting(CountedTo, cancellation),
            HighestEpoch = leases.Select(l => l.Epoch).DefaultIfEmpty().Max(),
        };
        response.Nodes.AddRange(members.Select((m, i) => Node(m, now, leases, told[i])));
        response.Singletons.AddRange(catalog.Singletons.Select(s => Singleton(s.Name, leases.FirstOrDefault(l => l.Shard == s.Shard), names)));
        return response;
    }

    /// <summary>The last life of each node, without those that left in order.</summary>
    private static List<NodeStatus> Shown(IEnumerable<NodeStatus> members, DateTimeOffset now) =>
    [
        .. members.GroupBy(m => m.Registration.Name, StringComparer.Ordinal)
            .Select(lives => lives.FirstOrDefault(m => m.IsLive(now)) ?? lives.MaxBy(m => m.JoinedAt)!)
            .Where(m => m.IsLive(now) || !m.Draining)
            .OrderBy(m => m.Registration.Name, StringComparer.Ordinal),
    ];

    private static ClusterNode Node(NodeStatus member, DateTimeOffset now, IEnumerable<ShardOwnership> leases, ShowNodeResponse? told) => new()
    {
        Name = member.Registration.Name,
        JoinedTime = member.JoinedAt.ToTimestamp(),
        Live = member.IsLive(now),
        Shards = leases.Count(l => l.Owner == member.Registration.Incarnation),
        Turns = told?.Turns ?? 0,
        Activities = told?.Activities ?? 0,
        State = !member.IsLive(now) ? NodeState.Expired : member.Draining ? NodeState.Draining : NodeState.Live,
        Address = member.Registration.Address,
        Build = member.Registration.Build,
        Age = (now - member.JoinedAt).ToDuration(),
        Answers = told is not null,
        GrpcAddress = told?.GrpcAddress ?? "",
    };

    private static ClusterSingleton Singleton(string name, ShardOwnership? lease, Dictionary<Incarnation, string> names) => new()
    {
        Name = name,
        Node = lease?.Owner is { } owner ? names.GetValueOrDefault(owner, "") : "",
        Epoch = lease?.Epoch ?? 0,
    };
}

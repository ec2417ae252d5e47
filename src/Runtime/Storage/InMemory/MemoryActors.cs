namespace Latecomer.Runtime;

/// <summary>The actors in memory.</summary>
internal sealed class MemoryActors(MemoryTables tables) : IActorStore
{
    public ValueTask<IReadOnlyList<ActorStatus>> List(string prefix, string? after, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ActorStatus>>(
            [
                .. tables.Shards.SelectMany(s => s.Rows.States.Values.Select(i => new ActorStatus(i.Actor, s.Shard, i.Revision, i.Body.Length)))
                    .Where(a => a.Actor.ToString() is var id && id.StartsWith(prefix, StringComparison.Ordinal) && (after is null || CodePointOrder.Compare(id, after) > 0))
                    .Order(Comparer<ActorStatus>.Create((a, b) => CodePointOrder.Compare(a.Actor.ToString(), b.Actor.ToString()))).Take(limit),
            ]);
        }
    }
}

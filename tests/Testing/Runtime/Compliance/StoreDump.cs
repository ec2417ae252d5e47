using System.Text.Json;
using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Everything that the ports show of a store, as text: two dumps are equal when nothing was written in between.</summary>
public static class StoreDump
{
    public static async Task<string> Of(IRuntimeStore store, IReadOnlyCollection<ShardId> shards, IReadOnlyCollection<ActorId> actors, IReadOnlyCollection<RequestId> requests, IReadOnlyCollection<string> projections)
    {
        var tables = new Dictionary<string, object?>
        {
            ["nodes"] = await store.Membership.List(default),
            ["leases"] = await store.Leases.List(default),
            ["activities"] = await store.Activities.List(default),
            ["dead letters"] = await store.DeadLetters.List(default),
            ["next timer"] = (await store.Turns.Ready(shards, default)).NextTimer,
        };
        foreach (var shard in shards)
        {
            tables[$"work of {shard}"] = await store.Turns.ReadWork(shard, int.MaxValue, int.MaxValue, default) with { NewestMail = 0 };
            tables[$"states of {shard}"] = await store.Turns.LoadStates(shard, actors, default);
            tables[$"journal of {shard}"] = await store.Journal.Entries(shard, 0, int.MaxValue, default);
        }

        foreach (var request in requests)
        {
            tables[$"reply to {request}"] = await store.Requests.FindReply(request, default);
        }

        foreach (var projection in projections)
        {
            tables[$"rows of {projection}"] = await store.Projections.List(projection, "", after: null, int.MaxValue, default);
        }

        return JsonSerializer.Serialize(tables, DurableJson.Options);
    }
}

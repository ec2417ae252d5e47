using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>Has a node leave that is asked for by name, through the store: the node is marked as one that hands over, finds that when it next looks, and a
/// hint has it look now. So it need not be reached from here.</summary>
internal sealed class Departure(IRuntimeStore store, IHints hints, DirectRequests requests, TimeProvider time, bool isShared)
{
    private static readonly TimeSpan LookFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookLast = TimeSpan.FromSeconds(1);

    /// <summary>Returns when others own all that the node owned. Asked again by the same id, it means the same life of the node: one that came back under its name
    /// stays.</summary>
    public async Task<Reply<LeaveClusterResponse>> Leave(string name, string requestId, CancellationToken cancellation)
    {
        var request = await requests.Of(requestId, $"leave {name}", DirectRequests.Done, cancellation);
        switch (await store.Requests.Find(request.Id, request.Hash, cancellation))
        {
            case SubmitOutcome.Decided { Reply.Body: { } body }:
                return await HandOver(DurableJson.Read<Leaving>(body), cancellation);
            case not null:
                return DirectRequests.Mismatch(request.Id);
        }

        var now = await store.Membership.Now(cancellation);
        var live = (await store.Membership.List(cancellation)).Where(m => m.IsLive(now)).ToList();
        if (Refusal(live, name) is { } refusal)
        {
            return refusal;
        }

        // Noted before it is done: whatever becomes of this process, the same id goes on with it.
        var leaving = new Leaving(live.Single(m => m.Registration.Name == name).Registration.Incarnation.ToString());
        var reply = new StoredReply(ReplyStatus.Ok, DurableJson.Write(leaving), Message: null);
        return await store.Requests.Record(request with { Reply = reply }, cancellation) switch
        {
            SubmitOutcome.Accepted => await HandOver(leaving, cancellation),
            SubmitOutcome.Decided { Reply.Body: { } body } => await HandOver(DurableJson.Read<Leaving>(body), cancellation),
            _ => DirectRequests.Mismatch(request.Id),
        };
    }

    private Status? Refusal(List<NodeStatus> live, string name)
    {
        if (!isShared)
        {
            return new Status(StatusCode.FailedPrecondition, "The nodes of this process live and end with it: stop the process.");
        }

        if (live.Find(m => m.Registration.Name == name) is not { } leaving)
        {
            return new Status(StatusCode.NotFound, $"No node named '{name}' lives: 'latecomer cluster show' lists those that do.");
        }

        return live.Exists(m => m != leaving && !m.Draining)
            ? null
            : new Status(StatusCode.FailedPrecondition, $"No other node could take over from '{name}': start one first, or stop its process.");
    }

    private async Task<LeaveClusterResponse> HandOver(Leaving leaving, CancellationToken cancellation)
    {
        var life = new Incarnation(Guid.ParseExact(leaving.Incarnation, "N"));
        await store.Membership.Drain(life, cancellation);
        hints.Publish(new Hint.PlacementChanged());
        for (var pause = LookFirst; (await store.Leases.List(cancellation)).Any(l => l.Owner is null || l.Owner == life); pause = Longer(pause))
        {
            await Task.Delay(pause, time, cancellation);
        }

        return new LeaveClusterResponse();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LookLast ? pause * 2 : LookLast;

    /// <summary>What is noted of a departure: which life of the node it is.</summary>
    private sealed record Leaving(string Incarnation);
}

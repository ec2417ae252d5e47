using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>Has a node leave that is asked for by name, through the store: the node is marked as one that hands over, finds that when it next looks, and a
/// hint has it look now. So it need not be reached from here.</summary>
internal sealed class Departure(IRuntimeStore store, IHints hints, TimeProvider time, bool isShared)
{
    private static readonly TimeSpan LookFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookLast = TimeSpan.FromSeconds(1);

    /// <summary>Returns when others own all that the node owned.</summary>
    public async Task<Reply<LeaveClusterResponse>> Leave(string name, CancellationToken cancellation)
    {
        if (!isShared)
        {
            return new Status(StatusCode.FailedPrecondition, "The nodes of this process live and end with it: stop the process.");
        }

        var now = await store.Membership.Now(cancellation);
        var live = (await store.Membership.List(cancellation)).Where(m => m.IsLive(now)).ToList();
        if (live.Find(m => m.Registration.Name == name) is not { } leaving)
        {
            return new Status(StatusCode.NotFound, $"No node named '{name}' lives: 'latecomer cluster show' lists those that do.");
        }

        if (!live.Exists(m => m != leaving && !m.Draining))
        {
            return new Status(StatusCode.FailedPrecondition, $"No other node could take over from '{name}': start one first, or stop its process.");
        }

        await store.Membership.Drain(leaving.Registration.Incarnation, cancellation);
        hints.Publish(new Hint.PlacementChanged());
        for (var pause = LookFirst; (await store.Leases.List(cancellation)).Any(l => l.Owner is null || l.Owner == leaving.Registration.Incarnation); pause = Longer(pause))
        {
            await Task.Delay(pause, time, cancellation);
        }

        return new LeaveClusterResponse();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LookLast ? pause * 2 : LookLast;
}

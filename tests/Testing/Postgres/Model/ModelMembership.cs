using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions of <c>PostgresMembership</c>.</summary>
internal sealed class ModelMembership(ModelConnection connection, IModelWatch watch) : IMembershipStore
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private ModelDatabase Database => connection.Database;

    /// <summary>latecomer.is_live: a function that is volatile, so it looks with a snapshot of its own.</summary>
    public static bool IsLive(ModelTransaction t, Incarnation node) =>
        t.Database.Nodes.Find(node) is { } row && t.Newest(row)?.IsLive(t.Clock) == true;

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation) => connection.Ask("question for the time", t => t.Clock);

    public ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation) => connection.Run("join", async t =>
    {
        await t.Next("locking the name");
        await t.Lock(Database.Advisory($"node {node.Name}"), LockMode.Update);
        await t.Next("forgetting");
        if (!IsTaken(t, node))
        {
            foreach (var row in Database.Nodes.Rows.ToList())
            {
                await t.Delete(row, n => n.ExpiresAt < t.Clock - ForgottenAfter);
            }
        }

        await t.Next("joining");
        var now = t.Clock;
        if (!NodesSeen(t).Any(n => n.Registration.Name == node.Name && n.IsLive(now))
            && await t.TryInsert(Database.Nodes.At(node.Incarnation), new NodeStatus(node, now, now + lifetime, Draining: false)))
        {
            t.AfterCommit(() => watch.Lives(node.Incarnation, now + lifetime));
        }

        await t.Next("looking who joined");
        return IsLive(t, node.Incarnation) && !IsTaken(t, node);
    });

    public ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation) => connection.Run("renewal", async t =>
    {
        await t.Next("locking the node");
        if (Database.Nodes.Find(node) is { } row)
        {
            await t.Select(row, _ => true, LockMode.NoKeyUpdate);
        }

        await t.Next("renewing");
        var now = t.Clock;
        var renewed = await t.Change(Database.Nodes.Find(node), n => n.IsLive(now), n => n with { ExpiresAt = now + lifetime }) is not null;
        if (renewed)
        {
            watch.Decided(node, from: null, Database.Now);
            t.AfterCommit(() => watch.Lives(node, now + lifetime));
        }

        return renewed;
    });

    public async ValueTask Drain(Incarnation node, CancellationToken cancellation) => await connection.Run("drain", async t =>
    {
        await t.Next("draining");
        return await t.Change(Database.Nodes.Find(node), _ => true, n => n with { Draining = true });
    });

    public async ValueTask Leave(Incarnation node, CancellationToken cancellation) => await connection.Run("leave", async t =>
    {
        await t.Next("leaving");
        var now = t.Clock;
        t.AfterCommit(() => watch.Lives(node, now));
        return await t.Change(Database.Nodes.Find(node), _ => true, n => n with { ExpiresAt = n.ExpiresAt < now ? n.ExpiresAt : now });
    });

    public ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation) => connection.Ask<IReadOnlyList<NodeStatus>>(
        "list of nodes", t => [.. NodesSeen(t).OrderBy(n => n.Registration.Name, StringComparer.Ordinal).ThenBy(n => n.JoinedAt)]);

    private IEnumerable<NodeStatus> NodesSeen(ModelTransaction t) => Database.Nodes.Rows.Select(t.Visible).OfType<NodeStatus>();

    private bool IsTaken(ModelTransaction t, NodeRegistration node) =>
        NodesSeen(t).Any(n => n.Registration.Name == node.Name && n.Registration.Incarnation != node.Incarnation && n.IsLive(t.Clock));
}

namespace Latecomer.Runtime;

/// <summary>The node table in memory.</summary>
internal sealed class MemoryMembership(MemoryTables tables) : IMembershipStore
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(tables.Now());
        }
    }

    public ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var now = tables.Now();
            if (tables.Nodes.Values.Any(n => n.Registration.Name == node.Name && n.IsLive(now) && n.Registration.Incarnation != node.Incarnation))
            {
                return ValueTask.FromResult(false);
            }

            foreach (var forgotten in tables.Nodes.Values.Where(n => n.ExpiresAt < now - ForgottenAfter).ToList())
            {
                tables.Nodes.Remove(forgotten.Registration.Incarnation);
            }

            if (tables.Nodes.TryGetValue(node.Incarnation, out var known))
            {
                return ValueTask.FromResult(known.IsLive(now));
            }

            tables.Nodes.Add(node.Incarnation, new NodeStatus(node, now, now + lifetime, Draining: false));
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var now = tables.Now();
            var lives = tables.IsLive(node);
            if (lives)
            {
                tables.Nodes[node] = tables.Nodes[node] with { ExpiresAt = now + lifetime };
            }

            return ValueTask.FromResult(lives);
        }
    }

    public ValueTask Drain(Incarnation node, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (tables.Nodes.TryGetValue(node, out var status))
            {
                tables.Nodes[node] = status with { Draining = true };
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask Leave(Incarnation node, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (tables.IsLive(node))
            {
                tables.Nodes[node] = tables.Nodes[node] with { ExpiresAt = tables.Now() };
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<NodeStatus>>(
                [.. tables.Nodes.Values.OrderBy(n => n.Registration.Name, StringComparer.Ordinal).ThenBy(n => n.JoinedAt)]);
        }
    }
}

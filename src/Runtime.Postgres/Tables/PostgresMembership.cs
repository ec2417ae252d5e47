namespace Latecomer.Runtime.Postgres;

/// <summary>The node table.</summary>
internal sealed class PostgresMembership(PostgresDatabase database, StoreClock clock) : IMembershipStore
{
    private static readonly long ForgottenAfter = TimeSpan.FromHours(1).Ticks;

    public async ValueTask<DateTimeOffset> Now(CancellationToken cancellation) =>
        clock.Saw((await database.Query("SELECT latecomer.clock($1)", row => row.GetInt64(0), [clock.Known], cancellation))[0]);

    public async ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation)
    {
        var joined = await database.Write(
            statements =>
            {
                // Two nodes of one name that join at once come one after the other: the statements below see what the first one wrote.
                statements.Call("SELECT pg_advisory_xact_lock(hashtextextended('latecomer.node ' || $1, 0))", node.Name);
                statements.Do(
                    """
                    DELETE FROM latecomer.node WHERE expires_at < latecomer.clock($1) - $2
                    AND NOT EXISTS (SELECT 1 FROM latecomer.node WHERE name = $3 AND incarnation <> $4 AND expires_at > latecomer.clock($1))
                    """,
                    clock.Known, ForgottenAfter, node.Name, node.Incarnation.Value);
                statements.Do(
                    """
                    INSERT INTO latecomer.node (incarnation, name, address, build, joined_at, expires_at, draining)
                    SELECT $1, $2, $3, $4, now, now + $5, false FROM (SELECT latecomer.clock($6) AS now) AS at
                    WHERE NOT EXISTS (SELECT 1 FROM latecomer.node WHERE name = $2 AND expires_at > now) ON CONFLICT DO NOTHING
                    """,
                    node.Incarnation.Value, node.Name, node.Address, node.Build, lifetime.Ticks, clock.Known);
                return statements.Ask(
                    """
                    SELECT latecomer.is_live($1, $2)
                    AND NOT EXISTS (SELECT 1 FROM latecomer.node WHERE name = $3 AND incarnation <> $1 AND expires_at > latecomer.clock($2))
                    """,
                    row => row.GetBoolean(0), node.Incarnation.Value, clock.Known, node.Name);
            },
            cancellation);
        return joined[0];
    }

    public async ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation)
    {
        var renewed = await database.Write(
            statements =>
            {
                // Locked first, by a statement of its own: whether it has expired is then asked after the wait, not before it.
                statements.Call("SELECT 1 FROM latecomer.node WHERE incarnation = $1 FOR NO KEY UPDATE", node.Value);
                return statements.Ask(
                    """
                    UPDATE latecomer.node SET expires_at = now + $2 FROM (SELECT latecomer.clock($3) AS now) AS at
                    WHERE incarnation = $1 AND expires_at > now RETURNING now
                    """,
                    row => row.GetInt64(0), node.Value, lifetime.Ticks, clock.Known);
            },
            cancellation);
        return renewed is [var now] && clock.Saw(now) > DateTimeOffset.MinValue;
    }

    public async ValueTask Drain(Incarnation node, CancellationToken cancellation) => await database.Write(
        statements =>
        {
            statements.Do("UPDATE latecomer.node SET draining = true WHERE incarnation = $1", node.Value);
            return true;
        },
        cancellation);

    public async ValueTask Leave(Incarnation node, CancellationToken cancellation) => await database.Write(
        statements =>
        {
            statements.Do(
                "UPDATE latecomer.node SET expires_at = least(expires_at, latecomer.clock($2)) WHERE incarnation = $1", node.Value, clock.Known);
            return true;
        },
        cancellation);

    public async ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation) => await database.Query(
        "SELECT incarnation, name, address, build, joined_at, expires_at, draining FROM latecomer.node ORDER BY name, joined_at",
        row => new NodeStatus(
            new NodeRegistration(row.Incarnation(0), row.GetString(1), row.GetString(2), row.GetString(3)), row.Time(4), row.Time(5), row.GetBoolean(6)),
        [], cancellation);
}

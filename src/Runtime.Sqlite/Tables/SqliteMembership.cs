namespace Latecomer.Runtime.Sqlite;

/// <summary>The node table.</summary>
internal sealed class SqliteMembership(SqliteWriter writer, SqliteReaders readers, StoreClock clock) : IMembershipStore
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation) => ValueTask.FromResult(clock.Now());

    public ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation) => writer.Write(session =>
    {
        var now = clock.Now();
        var self = node.Incarnation.ToString();
        if (session.Number("SELECT 1 FROM node WHERE name = $1 AND expires_at > $2 AND incarnation <> $3", node.Name, now.UtcTicks, self) is not null)
        {
            return Written.Nothing(false);
        }

        session.Execute("DELETE FROM node WHERE expires_at < $1", (now - ForgottenAfter).UtcTicks);
        var added = session.Execute(
            "INSERT INTO node (incarnation, name, address, build, joined_at, expires_at, draining) VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
            self, node.Name, node.Address, node.Build, now.UtcTicks, (now + lifetime).UtcTicks);
        return Written.Kept(added == 1 || Rows.IsLive(session, node.Incarnation, now));
    });

    public ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation) => writer.Write(session =>
    {
        var now = clock.Now();
        return Written.Kept(session.Execute(
            "UPDATE node SET expires_at = $1 WHERE incarnation = $2 AND expires_at > $3", (now + lifetime).UtcTicks, node.ToString(), now.UtcTicks) == 1);
    });

    public async ValueTask Drain(Incarnation node, CancellationToken cancellation) => await writer.Write(session =>
        Written.Kept(session.Execute("UPDATE node SET draining = 1 WHERE incarnation = $1", node.ToString())));

    public async ValueTask Leave(Incarnation node, CancellationToken cancellation) => await writer.Write(session =>
        Written.Kept(session.Execute("UPDATE node SET expires_at = min(expires_at, $1) WHERE incarnation = $2", clock.Now().UtcTicks, node.ToString())));

    public ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<NodeStatus>>(readers.Read(session => session.Query(
            "SELECT incarnation, name, address, build, joined_at, expires_at, draining FROM node ORDER BY name, joined_at",
            row => new NodeStatus(
                new NodeRegistration(row.Incarnation(0), row.GetString(1), row.GetString(2), row.GetString(3)),
                row.Time(4), row.Time(5), row.GetBoolean(6)))));
}

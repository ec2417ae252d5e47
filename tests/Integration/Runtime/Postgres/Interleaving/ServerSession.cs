using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres.Interleaving;

/// <summary>A scripted transaction on a server, by the store's own statements.</summary>
internal sealed class ServerSession(NpgsqlConnection connection, NpgsqlConnection watcher) : IScriptedSession
{
    private readonly int _process = connection.ProcessID;
    private bool _begun;

    /// <summary>What every script begins with, as <see cref="ModelSession.Prepare"/> has it.</summary>
    public static Task Prepare(TestDatabase database) => database.Sql($"""
        DELETE FROM latecomer.node;
        DELETE FROM latecomer.shard;
        DELETE FROM latecomer.mailbox;
        INSERT INTO latecomer.node VALUES ('{Script.First.Value}', 'first', '', '', 0, latecomer.clock(0) - 10000000, false);
        INSERT INTO latecomer.node VALUES ('{Script.Second.Value}', 'second', '', '', 0, latecomer.clock(0) + 36000000000, false);
        INSERT INTO latecomer.shard (shard, epoch, owner) VALUES (7, 1, '{Script.First.Value}');
        INSERT INTO latecomer.mailbox (shard, id, actor, type, schema_version, body, cause, attempts) VALUES (7, 1, '{Script.Actor}', 'Said', 1, '', 'cause', 0);
        """);

    public async Task<string> Do(string statement)
    {
        if (!_begun)
        {
            _begun = true;
            await SharedDatabase.Execute(connection, "BEGIN");
        }

        try
        {
            return await Run(statement);
        }
        catch (PostgresException refusal)
        {
            await SharedDatabase.Execute(connection, "ROLLBACK; BEGIN");
            return refusal.SqlState;
        }
    }

    public async Task<bool> Settle(Task<string> statement)
    {
        await using var blocked = new NpgsqlCommand("SELECT pg_blocking_pids($1) <> '{}'", watcher) { Parameters = { new() { Value = _process } } };
        while (!statement.IsCompleted)
        {
            if ((bool)(await blocked.ExecuteScalarAsync())!)
            {
                return false;
            }

            await Task.Yield();
        }

        return true;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<string> Run(string statement)
    {
        switch (statement)
        {
            case "commit":
                await SharedDatabase.Execute(connection, "COMMIT");
                return "done";
            case "fence":
                return await Send(s => TurnStatements.Fence(s, [Script.Lease]));
            case "lock leases":
                return await Send(s => s.Call(PostgresLeases.LockAll, Shards));
            case "take":
                return await Ask(s => s.Ask(PostgresLeases.Take, row => $"{row.GetInt64(1)}", Shards, new long[] { 1 }, Script.Second.Value, 0L));
            case "give up":
                return await Ask(s => s.Ask(PostgresLeases.GiveUp, row => $"{row.GetInt32(0)}", Shards, new long[] { 1 }, new[] { Script.First.Value }));
            case "consume":
                return await Send(s => new TurnGuards(s, [Script.Consuming], new Dictionary<Latecomer.Runtime.RequestId, GivenReply>()).Add());
            case "look":
                return await Ask(s => s.Ask("SELECT epoch FROM latecomer.shard WHERE shard = 7", row => $"{row.GetInt64(0)}"));
            default:
                return await Ask(s => s.Ask($"SELECT 1 FROM latecomer.shard WHERE shard = 7 AND epoch = 1 FOR {statement.ToUpperInvariant()}", row => $"{row.GetInt32(0)}"));
        }
    }

    private static int[] Shards => [Script.Lease.Shard.Number];

    private async Task<string> Send(Action<Statements> fill)
    {
        var statements = new Statements();
        fill(statements);
        await statements.Run(connection, default);
        return "done";
    }

    private async Task<string> Ask(Func<Statements, List<string>> fill)
    {
        var statements = new Statements();
        var rows = fill(statements);
        await statements.Run(connection, default);
        return rows.Count == 0 ? "none" : rows[0];
    }
}

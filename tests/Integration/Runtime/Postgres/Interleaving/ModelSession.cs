using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Integration.Runtime.Postgres.Interleaving;

/// <summary>A scripted transaction on the model.</summary>
internal sealed class ModelSession : IScriptedSession
{
    private readonly ModelDatabase _database;
    private readonly ModelLeases _leases;
    private readonly Task<bool> _transaction;
    private TaskCompletionSource<(string Statement, TaskCompletionSource<string> Answer)> _next = new();

    public ModelSession(ModelDatabase database)
    {
        _database = database;
        _leases = new ModelLeases(new ModelConnection(database, new CalmClient()), new NoWatch());
        _transaction = database.Run(new CalmClient(), "script", Follow).AsTask();
    }

    /// <summary>What every script begins with, as <see cref="ServerSession.Prepare"/> has it.</summary>
    public static async Task<ModelDatabase> Prepare(TimeProvider time)
    {
        var database = new ModelDatabase(time);
        var now = database.Now;
        await database.Run(new CalmClient(), "begin", async t =>
        {
            await t.Next("begin");
            await t.Insert(database.Nodes.At(Script.First), new NodeStatus(new NodeRegistration(Script.First, "first", "", ""), now, now - TimeSpan.FromSeconds(1), false));
            await t.Insert(database.Nodes.At(Script.Second), new NodeStatus(new NodeRegistration(Script.Second, "second", "", ""), now, now + TimeSpan.FromHours(1), false));
            await t.Insert(database.Shards.At(Script.Lease.Shard.Number), new ShardOwnership(Script.Lease.Shard, 1, Script.First));
            await t.Insert(database.TablesOf(Script.Lease.Shard).Mailbox.At(1), new Mail(1, Script.Actor, null, new SerializedMessage("Said", 1, []), "cause", 0, null));
            return true;
        });
        return database;
    }

    public Task<string> Do(string statement)
    {
        var answer = new TaskCompletionSource<string>();
        _next.SetResult((statement, answer));
        return answer.Task;
    }

    public Task<bool> Settle(Task<string> statement)
    {
        while (_database.Standing.Find(s => s.CanGoOn) is { } standing)
        {
            standing.GoOn();
        }

        return Task.FromResult(statement.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_transaction.IsCompleted)
        {
            await Do("commit");
        }
    }

    private async ValueTask<bool> Follow(ModelTransaction t)
    {
        t.LockTimeout = null;
        while (true)
        {
            var (statement, answer) = await _next.Task;
            _next = new();
            if (statement == "commit")
            {
                t.AfterCommit(() => answer.SetResult("done"));
                return true;
            }

            try
            {
                answer.SetResult(await Run(t, statement));
            }
            catch (ModelRefusal refusal)
            {
                t.AfterCommit(() => { });
                t.Undo();
                answer.SetResult(refusal.State);
            }
        }
    }

    private async ValueTask<string> Run(ModelTransaction t, string statement)
    {
        switch (statement)
        {
            case "fence":
                await Fence.Pass(t, [Script.Lease]);
                return "done";
            case "lock leases":
                await _leases.LockAll(t, [Script.Lease.Shard]);
                return "done";
            case "take":
                await t.Next(statement);
                return await _leases.Take(t, new ShardOwnership(Script.Lease.Shard, 1, Script.First), Script.Second) ? "2" : "none";
            case "give up":
                await t.Next(statement);
                return await _leases.GiveUp(t, Script.Lease) ? "7" : "none";
            case "consume":
                await new TurnGuards(t, [Script.Consuming]).Run();
                return "done";
            case "look":
                await t.Next(statement);
                return $"{t.Visible(_database.Shards.At(Script.Lease.Shard.Number))!.Epoch}";
            default:
                await t.Next(statement);
                var mode = Enum.Parse<LockMode>(statement.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);
                return await t.Select(_database.Shards.At(Script.Lease.Shard.Number), s => s.Epoch == 1, mode) is null ? "none" : "1";
        }
    }
}

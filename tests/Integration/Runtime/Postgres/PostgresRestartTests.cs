using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;
using Latecomer.Tests.Testing.Runtime;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>A server that crashes and comes back under open stores.</summary>
public sealed class PostgresRestartTests
{
    private static readonly ShardId Shard = new(7);
    private static readonly ActorId Alice = new("Toy", "alice");
    private static readonly Incarnation Node = new(new Guid(1, 0, 0, new byte[8]));

    [PostgresProgramsFact]
    public async Task What_was_committed_is_there_after_a_crash_what_was_not_is_not_and_the_store_goes_on()
    {
        await using var server = await PostgresServer.Start();
        await using var store = await PostgresRuntimeStore.Open(server.ConnectionString, default);
        (await store.Membership.Join(new NodeRegistration(Node, "first", "", "1.0"), TimeSpan.FromMinutes(10), default)).ShouldBeTrue();
        var lease = (await Take(store, 0)).ShouldHaveSingleItem();
        (await store.Turns.Commit(Turn(lease, replaces: 0), default)).ShouldBe(CommitOutcome.Committed);

        await using var held = await PostgresRuntimeStore.Open(server.ConnectionString, time: null, SharedDatabase.AtGate, default);
        await using var gate = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await gate.OpenAsync();
        await SharedDatabase.Execute(gate, "SELECT pg_advisory_lock(1)");
        var turn = held.Turns.Commit(Turn(lease, replaces: 1), default).AsTask();
        await SharedDatabase.Execute(gate, "DO 'BEGIN WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted) LOOP PERFORM pg_sleep(0.01); END LOOP; END'");
        await server.Restart();
        await Should.ThrowAsync<StoreFaultException>(turn);

        var anew = (await UntilItAnswers(() => Take(store, 1))).ShouldHaveSingleItem();
        anew.Epoch.ShouldBe(2);
        (await store.Turns.LoadStates(Shard, [Alice], default)).ShouldHaveSingleItem().Revision.ShouldBe(1);
        (await store.Turns.Commit(Turn(anew, replaces: 1), default)).ShouldBe(CommitOutcome.Committed);
        (await store.Journal.Entries(Shard, 0, 10, default)).Select(e => e.Position).ShouldBe([1, 2]);
    }

    private static async Task<IReadOnlyList<Lease>> Take(PostgresRuntimeStore store, long seen) =>
        await store.Leases.TakeOver([new ShardOwnership(Shard, seen, Owner: null)], Node, default);

    /// <summary>A connection that broke costs a call, as many at the most as the pool has.</summary>
    private static async Task<T> UntilItAnswers<T>(Func<Task<T>> ask)
    {
        for (var calls = 8; ; calls--)
        {
            try
            {
                return await ask();
            }
            catch (StoreFaultException) when (calls > 0)
            {
            }
        }
    }

    private static TurnBatch Turn(Lease lease, long replaces)
    {
        var batch = new TurnBatch(lease, DateTimeOffset.UnixEpoch);
        batch.States.Add((new StateImage(Alice, replaces + 1, 1, [1]), replaces));
        batch.Journal.Add(new NewJournalEntry(Alice, replaces + 1, new SerializedMessage("Happened", 1, [2]), "cause"));
        return batch;
    }
}

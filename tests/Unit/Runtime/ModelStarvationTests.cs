using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Why the fence does not share its lock, although that would be safe: turns that overlap would keep take-overs out for as long as there are any.</summary>
public sealed class ModelStarvationTests
{
    private static readonly Lease Lease = new(new ShardId(7), 1, new Incarnation(Guid.Parse("00000000-0000-0000-0000-000000000001")));

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_take_over_gets_in_between_turns_that_overlap() => (await TakeOverUnderTurns(Weakness.None)).ShouldBe("taken");

    [Fact]
    public async Task A_take_over_starves_under_turns_that_share_their_lock() => (await TakeOverUnderTurns(Weakness.ForShare)).ShouldBe(SqlState.LockNotAvailable);

    /// <summary>A turn is always under way: the next begins before the last one ends.</summary>
    private async Task<string> TakeOverUnderTurns(Weakness fence)
    {
        var database = new ModelDatabase(_clock, fence);
        var row = database.Shards.At(Lease.Shard.Number);
        await database.Run(new CalmClient(), "begin", async t =>
        {
            await t.Next("adding a shard");
            await t.Insert(row, new ShardOwnership(Lease.Shard, Lease.Epoch, Lease.Owner));
            return true;
        });

        List<Task<bool>> turns = [Turn(database)];
        var takeOver = database.Run(new CalmClient(), "take-over", async t =>
        {
            await t.Next("locking leases");
            await t.Lock(row, LockMode.NoKeyUpdate);
            return "taken";
        }).AsTask();
        while (!takeOver.IsCompleted)
        {
            var last = database.Standing.OfType<ServerWait>().Single();
            turns.Add(Turn(database));
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            last.GoOn();
            LetIn(database);
        }

        while (database.Standing.OfType<ServerWait>().FirstOrDefault() is { } last)
        {
            last.GoOn();
            LetIn(database);
        }

        (await Task.WhenAll(turns)).ShouldAllBe(done => done);
        return takeOver.IsCompletedSuccessfully ? await takeOver : takeOver.Exception!.InnerException.ShouldBeOfType<ModelRefusal>().State;
    }

    private static Task<bool> Turn(ModelDatabase database) => database.Run(new SlowToCommit(), "turn", async t =>
    {
        await t.Next("begin");
        await Fence.Pass(t, [Lease]);
        return true;
    }).AsTask();

    private static void LetIn(ModelDatabase database)
    {
        while (database.Standing.OfType<LockWait>().FirstOrDefault(w => w.CanGoOn) is { } next)
        {
            next.GoOn();
        }
    }

    private sealed class SlowToCommit : IModelClient
    {
        public string Name => "slow";

        public bool IsPaused => false;

        public bool IsGone => false;

        public bool SendsInOnePiece() => true;

        public bool WaitsForConnection() => false;

        public Interruption Before(ModelTransaction transaction, string statement) => statement == "COMMIT" ? Interruption.ServerBusy : Interruption.None;
    }
}

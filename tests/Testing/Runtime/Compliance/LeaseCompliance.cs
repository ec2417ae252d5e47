using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class LeaseCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public void A_first_lease_has_epoch_1() => Lease.ShouldBe(new Lease(Shard, 1, First));

    [Fact]
    public async Task A_shard_of_a_live_node_cannot_be_taken()
    {
        (await Take(Shard, 1, Second)).ShouldBeNull();
        (await Store.Leases.List(default)).ShouldBe([new ShardOwnership(Shard, 1, First)]);
    }

    [Fact]
    public async Task A_shard_of_an_expired_node_can_be_taken_by_who_saw_its_epoch()
    {
        await FirstExpires();
        (await Take(Shard, 0, Second)).ShouldBeNull();
        (await Take(Shard, 2, Second)).ShouldBeNull();
        (await Take(Shard, 1, Second)).ShouldBe(new Lease(Shard, 2, Second));
    }

    [Fact]
    public async Task An_expired_node_takes_nothing()
    {
        await FirstExpires();
        (await Take(OtherShard, 0, First)).ShouldBeNull();
        (await Store.Leases.List(default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_stranger_takes_nothing() =>
        (await Take(OtherShard, 0, new Incarnation(new Guid(9, 0, 0, new byte[8])))).ShouldBeNull();

    [Fact]
    public async Task A_released_shard_has_no_owner_and_a_higher_epoch()
    {
        (await Store.Leases.Release([Lease], default)).ShouldBe([Lease]);
        (await Store.Leases.List(default)).ShouldBe([new ShardOwnership(Shard, 2, Owner: null)]);
        (await Take(Shard, 2, Second)).ShouldBe(new Lease(Shard, 3, Second));
    }

    [Fact]
    public async Task A_lost_lease_cannot_be_released()
    {
        await FirstExpires();
        var taken = (await Take(Shard, 1, Second)).ShouldNotBeNull();
        (await Store.Leases.Release([Lease], default)).ShouldBeEmpty();
        (await Store.Leases.List(default)).ShouldBe([new ShardOwnership(Shard, taken.Epoch, Second)]);
    }

    [Fact]
    public async Task A_node_that_lost_the_answer_takes_its_own_shard_anew()
    {
        (await Take(Shard, 1, First)).ShouldBe(new Lease(Shard, 2, First));
        (await Commit(_ => { })).ShouldBe(CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task Of_several_shards_it_gets_those_that_are_free()
    {
        var wanted = new[] { 6, 7, 8 }.Select(n => new ShardOwnership(new ShardId(n), n == 7 ? 1 : 0, Owner: null)).ToList();
        var taken = await Store.Leases.TakeOver(wanted, Second, default);
        taken.Select(l => l.Shard.Number).ShouldBe([6, 8]);
        (await Store.Leases.List(default)).Select(l => l.Owner).ShouldBe([Second, First, Second]);
    }

    [Fact]
    public async Task Of_two_takers_one_gets_the_shard()
    {
        var takers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => Take(OtherShard, 0, i % 2 == 0 ? First : Second))));
        takers.Count(lease => lease is not null).ShouldBe(1);
    }
}

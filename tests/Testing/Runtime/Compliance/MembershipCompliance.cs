using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class MembershipCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private readonly Incarnation _third = new(new Guid(3, 0, 0, new byte[8]));

    [Fact]
    public async Task A_node_that_joined_is_listed_as_it_said()
    {
        var node = (await Store.Membership.List(default))[0];
        node.Registration.ShouldBe(new NodeRegistration(First, "first", "http://first", "1.0"));
        node.JoinedAt.ShouldBe(Now);
        node.ExpiresAt.ShouldBe(Now + Lifetime);
        node.Draining.ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_of_a_live_node_is_taken_until_it_expires()
    {
        (await Join(_third, "first")).ShouldBeFalse();
        await FirstExpires();
        (await Join(_third, "first")).ShouldBeTrue();
    }

    [Fact]
    public async Task Joining_twice_is_harmless_and_does_not_revive()
    {
        (await Join(First, "first")).ShouldBeTrue();
        await FirstExpires();
        (await Join(First, "first")).ShouldBeFalse();
    }

    [Fact]
    public async Task Renewing_prolongs_a_life_from_now()
    {
        Clock.Advance(TimeSpan.FromSeconds(3));
        (await Store.Membership.Renew(First, Lifetime, default)).ShouldBeTrue();
        (await Store.Membership.List(default))[0].ExpiresAt.ShouldBe(Now + Lifetime);
    }

    [Fact]
    public async Task Expired_is_for_good()
    {
        await FirstExpires();
        (await Store.Membership.Renew(First, Lifetime, default)).ShouldBeFalse();
        (await Store.Membership.List(default))[0].IsLive(Now).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stranger_cannot_renew() => (await Store.Membership.Renew(_third, Lifetime, default)).ShouldBeFalse();

    [Fact]
    public async Task A_node_that_left_is_dead_at_once_and_its_name_is_free()
    {
        await Store.Membership.Leave(First, default);
        (await Store.Membership.Renew(First, Lifetime, default)).ShouldBeFalse();
        (await Join(_third, "first")).ShouldBeTrue();
    }

    [Fact]
    public async Task Leaving_after_the_expiry_does_not_prolong()
    {
        await FirstExpires();
        var expired = (await Store.Membership.List(default))[0].ExpiresAt;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Store.Membership.Leave(First, default);
        (await Store.Membership.List(default))[0].ExpiresAt.ShouldBe(expired);
    }

    [Fact]
    public async Task A_draining_node_says_so()
    {
        await Store.Membership.Drain(First, default);
        (await Store.Membership.List(default)).Select(n => n.Draining).ShouldBe([true, false]);
    }

    [Fact]
    public async Task The_clock_does_not_go_back()
    {
        var before = await Store.Membership.Now(default);
        Clock.Set(Now - TimeSpan.FromHours(1));
        (await Store.Membership.Now(default)).ShouldBe(before);
        (await Work()).Now.ShouldBe(before);
        Clock.Set(before + TimeSpan.FromSeconds(1));
        (await Store.Membership.Now(default)).ShouldBe(before + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Nodes_that_expired_long_ago_are_forgotten()
    {
        Clock.Advance(TimeSpan.FromHours(2));
        (await Join(_third, "third")).ShouldBeTrue();
        (await Store.Membership.List(default)).ShouldHaveSingleItem().Registration.Name.ShouldBe("third");
    }
}

using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>What any node says of all, and how one is had to leave.</summary>
public sealed class ShowTests : IAsyncLifetime
{
    private HostedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await HostedCluster.Make();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Every_node_tells_the_same_of_all()
    {
        var first = await _cluster.Add("a");
        var second = await _cluster.Add("b");
        await HostedCluster.Until(first, "all shards to be owned", s => s.UnownedShards == 0 && s.Nodes.Count(n => n.Shards > 0) == 2);
        await HostedCluster.Ask(second, "orders", default);
        var shown = await HostedCluster.Until(first, "turns", s => s.Nodes.Sum(n => n.Turns) >= 2 && s.BusyShards == 0);
        var other = await HostedCluster.Until(second, "turns", s => s.Nodes.Sum(n => n.Turns) >= 2);
        shown.Nodes.Select(n => (n.Name, n.State, n.Answers, n.Turns, n.Activities, n.Address))
            .ShouldBe(other.Nodes.Select(n => (n.Name, n.State, n.Answers, n.Turns, n.Activities, n.Address)));
        shown.Nodes.ShouldAllBe(n => n.State == NodeState.Live && n.Live && n.Answers && n.Build.Length > 0);
        shown.Nodes.Sum(n => n.Activities).ShouldBe(1);
        shown.Nodes.Select(n => n.Address).ShouldBe(_cluster.Hosts.Select(h => h.Address.ToString()));
        shown.Singletons.ShouldAllBe(s => s.Epoch > 0 && s.Node.Length == 1);
        shown.HighestEpoch.ShouldBeGreaterThan(0);
        shown.DeadLetters.ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_died_is_shown_as_expired_and_one_that_left_is_not_shown()
    {
        var client = await _cluster.Add("a");
        await using var store = await PostgresRuntimeStore.Open(_cluster.ConnectionString, default);
        var (dead, gone) = (Registration("dead"), Registration("gone"));
        (await store.Membership.Join(dead, TimeSpan.FromSeconds(1), default)).ShouldBeTrue();
        (await store.Membership.Join(gone, Liveness.Bound, default)).ShouldBeTrue();
        await store.Membership.Drain(gone.Incarnation, default);
        var shown = await HostedCluster.Until(client, "both", s => s.Nodes.Count == 3 && s.Nodes.Any(n => n.State == NodeState.Expired));
        shown.Nodes.Select(n => (n.Name, n.State)).ShouldBe([("a", NodeState.Live), ("dead", NodeState.Expired), ("gone", NodeState.Draining)]);
        await store.Membership.Leave(gone.Incarnation, default);
        (await HostedCluster.Until(client, "one less", s => s.Nodes.Count == 2)).Nodes[1].Name.ShouldBe("dead");
    }

    [Fact]
    public async Task A_node_that_is_asked_to_leave_through_another_hands_over()
    {
        var first = await _cluster.Add("a");
        var second = await _cluster.Add("b");
        await HostedCluster.Until(first, "all shards to be owned", s => s.UnownedShards == 0 && s.Nodes.Count(n => n.Shards > 0) == 2);
        var leaving = first.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = "b", RequestId = "leave" }, default);
        await _cluster.Hosts[1].AskedToLeave.WaitAsync(Liveness.Bound);
        await _cluster.Hosts[1].DisposeAsync();
        await leaving;
        (await HostedCluster.Until(first, "one node", s => s.Nodes.Count == 1)).Nodes[0].Shards.ShouldBe(258);
        second.Dispose();

        // Another life under its name was not asked to leave; and the id means what it meant.
        await _cluster.Add("b");
        (await first.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = "b", RequestId = "leave" }, default)).ShouldBe(new LeaveClusterResponse());
        _cluster.Hosts[2].AskedToLeave.IsCompleted.ShouldBeFalse();
        (await Should.ThrowAsync<Refusal>(() => first.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = "a", RequestId = "leave" }, default)))
            .Message.ShouldContain("was used for another request");
    }

    [Fact]
    public async Task The_last_node_is_not_asked_to_leave_nor_one_that_is_not_there()
    {
        var client = await _cluster.Add("a");
        (await Refused(client, "a")).ShouldContain("No other node could take over");
        (await Refused(client, "nobody")).ShouldContain("No node named 'nobody' lives");
    }

    private static async Task<string> Refused(Latecomer.Node.Http.ApiClient client, string name) => (await Should.ThrowAsync<Refusal>(
        () => client.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = name }, default))).Message;

    private static NodeRegistration Registration(string name) => new(new Incarnation(Guid.NewGuid()), name, "", "1");
}

using Latecomer.Tests.Integration.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Xunit.Abstractions;

namespace Latecomer.Tests.Nemesis;

/// <summary>A short run, and what the checker is worth: a node is stopped between its last statement and the commit, with fences that do not hold. <c>./run</c> goes
/// on for minutes.</summary>
public sealed class NemesisFacts(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresProgramsFact]
    public async Task No_invariant_is_broken_when_nodes_are_killed_and_stopped()
    {
        using var said = new StringWriter();
        await using var run = await NemesisRun.Create(_folder.Path, 1, said);
        var verdict = await run.Live(Short, ownedWithin: Liveness.Bound);
        output.WriteLine($"{said}{string.Join(", ", run.Faults)}; {verdict}");
        verdict.Broken.ShouldBeNull();
        verdict.Turns.ShouldBeGreaterThan(100);
        run.Faults.ShouldNotBeEmpty();
    }

    [PostgresProgramsFact]
    public async Task With_our_fence_a_node_that_was_stopped_before_its_commit_writes_nothing() => (await StoppedBeforeItsCommit(fence: null)).ShouldBeNull();

    [PostgresProgramsFact]
    public async Task The_checker_notices_a_fence_that_locks_nothing() => await Notices(WeakFence.PlainSelect);

    [PostgresProgramsFact]
    public async Task The_checker_notices_a_fence_that_locks_as_foreign_keys_do() => await Notices(WeakFence.ForKeyShare);

    private async Task Notices(string fence)
    {
        var broken = await StoppedBeforeItsCommit(fence);
        output.WriteLine(broken ?? "nothing was noticed");
        broken.ShouldNotBeNull().ShouldContain("was written under epoch");
    }

    /// <summary>A node is stopped before its commit, others take its shards, and the commit arrives. What the checker finds then.</summary>
    private async Task<string?> StoppedBeforeItsCommit(string? fence)
    {
        await using var cluster = await TestCluster.Create(_folder.Path, fence);
        await using var history = new ClientHistory(Path.Combine(_folder.Path, "history.log"));
        var loads = new DeviceLoads(cluster.Dataset, history);
        foreach (var day in Pipelines.Dates.Append(Pipelines.DayAfter))
        {
            await loads.Load(day, 10);
        }

        await cluster.StartNodes();
        var held = cluster.Nodes.ToDictionary(n => n, n => n.Database.HoldNextTurn(beforeCommit: true));
        using var asking = new Asking(cluster.Nodes, history);
        using var patience = new CancellationTokenSource(Liveness.Bound);
        var asked = asking.Ask(
            new Request("apply", "Pipelines/Apply", new() { ["pipeline"] = Pipelines.Definition(Pipelines.Summary) }), new Simulation.SeededRandom(1), patience.Token);
        var first = await Task.WhenAny(held.Values.Select(h => h.Reached)).WaitAsync(Liveness.Bound);
        var (node, turn) = held.First(h => h.Value.Reached == first);
        foreach (var other in cluster.Nodes.Where(n => n != node))
        {
            other.Database.HoldNone();
            held[other].Release();
        }

        await node.Pause();
        var lost = $"NOT EXISTS (SELECT 1 FROM latecomer.shard AS s JOIN latecomer.node AS n ON n.incarnation = s.owner WHERE n.name = '{node.Name}')";
        (await cluster.Until(lost, Liveness.Bound)).ShouldBeTrue("the others never took its shards");
        turn.Release();
        await node.Resume();
        await asked;
        var checker = new HistoryChecker(cluster.Dataset, history, [Pipelines.Input], [Pipelines.Output], trace: null);
        return (await checker.Check(cluster.Log, store: null, copy: null, [])).Broken;
    }
}

using System.Security.Cryptography;
using System.Text;
using Latecomer.Node.Access;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Who asked for what made a partition what it is: explanations name them, by the journal of the partition and of its pipeline.</summary>
public sealed class ExplainedCallerTests : IAsyncLifetime
{
    private CommandedNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandedNode.Start(days: 3, asksForTokens: true);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Whoever_triggered_cleared_and_dismissed_is_named_and_nobody_where_nobody_asked()
    {
        _node.ReleaseAll();
        await _node.Apply(2);
        await _node.Until("two successes", runs => runs.Count(r => r.State == RunState.Success) == 2);
        await _node.Load(1);
        await HostedCluster.Until(Now, "the late one", p => p.Late);

        await As("dora");
        await _node.Call<Partition>(PartitionsReflection.Descriptor, "Dismiss", new DismissPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1), Reason = "no need" });
        await As("otto");
        await _node.Call<TriggerRunResponse>(RunsReflection.Descriptor, "Trigger", new TriggerRunRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1) });
        await _node.Until("his run", runs => runs.Count(r => r.State == RunState.Success) == 3);
        await As("carl");
        await _node.Call<ClearRunsResponse>(RunsReflection.Descriptor, "Clear", new ClearRunsRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1), Future = true });
        await _node.Until("the runs anew", runs => runs.Count(r => r.State == RunState.Success && r.Tasks[0].TryNumber == 2) == 2);

        var steps = (await _node.Call<ExplainPartitionResponse>(
            PartitionsReflection.Descriptor, "Explain", new ExplainPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1) })).Steps;
        CallersOf("A person said that what came up to orders at version 3 needs no run: no need.").ShouldBe(["dora"]);
        steps.Where(s => s.Text.EndsWith("was made because a person asked for it.", StringComparison.Ordinal)).Select(s => s.Caller).ShouldBe(["otto"]);
        steps.Where(s => s.Text.Contains("these tasks were cleared", StringComparison.Ordinal)).Select(s => s.Caller).ShouldBe(["carl"], $"{steps}");
        CallersOf($"Run scheduled__{CommandedNode.Full(1)} was made by the schedule.").ShouldBe([""]);
        steps.Where(s => s.Kind is ExplainedStepKind.Commit or ExplainedStepKind.Outcome).ShouldAllBe(s => s.Caller.Length == 0);

        string[] CallersOf(string text) => [.. steps.Where(s => s.Text == text).Select(s => s.Caller)];
    }

    private Task<Partition> Now() =>
        _node.Call<Partition>(PartitionsReflection.Descriptor, "Get", new GetPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1) });

    /// <summary>Has a token made, and asks by it from now on.</summary>
    private async Task As(string name)
    {
        var token = TokenText.Make();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        _node.Token = _node.AdminToken;
        await _node.Call<Token>(TokensReflection.Descriptor, "Create", new CreateTokenRequest { Name = name, Role = TokenRole.Operator, Sha256 = hash });
        _node.Token = token;
    }
}

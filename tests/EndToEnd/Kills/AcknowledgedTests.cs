using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>A node that is killed (<c>SIGKILL</c>) as soon as it acknowledged a command: the command is there, and asked again it is answered the same.</summary>
public sealed class AcknowledgedTests : IAsyncLifetime
{
    private const int Commands = 3;

    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Rent();
        var table = new SmallTable(Path.Combine(_folder.Path, "dataset", Orders.Table), Orders.Column);
        await table.Append("2026-01-01");
        await table.Append("2026-01-02");
    }

    public async Task DisposeAsync()
    {
        await _database.Return();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_that_was_acknowledged_is_there_after_a_kill(bool isShared)
    {
        for (var i = 0; i < Commands; i++)
        {
            var apply = Orders.Apply($"other-{i}", "2999-01-01");
            var (said, node) = await KilledAfter(isShared, "Pipelines/Apply", apply);
            await using (node)
            {
                (await node.Api.Call("Pipelines/Apply", apply)).ToJsonString().ShouldBe(said.ToJsonString(), "it is not applied again, and so changes something as it did");
                (await node.Api.Call("Pipelines/List", []))["pipelines"]!.AsArray().Select(p => (string)p!["name"]!).ShouldContain($"other-{i}");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_was_acknowledged_runs_once_after_a_kill(bool isShared)
    {
        await using (var node = await Start(isShared))
        {
            await node.Api.Call("Pipelines/Apply", Orders.Apply("orders", "2026-01-01"));
            await node.Runs("orders", "the run of the schedule", runs => runs.Any(r => r.HasSucceeded));
            await node.Stop();
        }

        var trigger = new JsonObject { ["pipeline"] = "orders", ["logicalDate"] = "2026-01-01", ["requestId"] = "trigger" };
        var (said, again) = await KilledAfter(isShared, "Runs/Trigger", trigger);
        await using (again)
        {
            (await again.Api.Call("Runs/Trigger", trigger)).ToJsonString().ShouldBe(said.ToJsonString());
            var runs = await again.Runs("orders", "the run that was triggered", runs => runs.Count == 2 && runs.All(r => r.HasSucceeded));
            runs.Count(r => r.Id == (string)said["runId"]!).ShouldBe(1);
        }
    }

    /// <summary>What a command was answered by a node that was killed at once, and the node that came after it.</summary>
    private async Task<(JsonObject Said, NodeProcess Next)> KilledAfter(bool isShared, string method, JsonObject request)
    {
        await using var node = await Start(isShared);
        var said = await node.Api.Call(method, request);
        await node.Process.Kill();
        return (said, await Start(isShared));
    }

    private async Task<NodeProcess> Start(bool isShared)
    {
        var node = isShared ? await NodeProcess.Join(_folder.Path, _database.ConnectionString, "only") : await NodeProcess.Start(_folder.Path);
        await node.Ready();
        return node;
    }
}

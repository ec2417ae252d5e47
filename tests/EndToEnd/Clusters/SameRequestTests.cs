using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Kills;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary>The same request, sent to all nodes of a cluster at once.</summary>
public sealed class SameRequestTests : IAsyncLifetime
{
    private const int Rounds = 10;

    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Rent();

    public async Task DisposeAsync()
    {
        await _database.Return();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_request_to_three_nodes_is_applied_once_and_answered_three_times_the_same()
    {
        var table = new SmallTable(Path.Combine(_folder.Path, "dataset", Orders.Table), Orders.Column);
        await table.Append("2026-01-01");
        await table.Append("2026-01-02");
        var nodes = await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => NodeProcess.Join(_folder.Path, _database.ConnectionString, name)));
        try
        {
            await Task.WhenAll(nodes.Select(n => n.Ready()));
            for (var i = 0; i < Rounds; i++)
            {
                ((bool)(await Same(nodes, "Pipelines/Apply", Orders.Apply($"other-{i}", "2999-01-01")))["changed"]!).ShouldBeTrue("whoever asked, it changed something");
            }

            await Same(nodes, "Pipelines/Apply", Orders.Apply("orders", "2026-01-01"));
            await nodes[0].Runs("orders", "the run of the schedule", runs => runs.Any(r => r.HasSucceeded));
            var triggered = await Same(nodes, "Runs/Trigger", new JsonObject { ["pipeline"] = "orders", ["logicalDate"] = "2026-01-01", ["requestId"] = "trigger" });
            var runs = await nodes[1].Runs("orders", "the run that was triggered", runs => runs.Count > 1 && runs.All(r => r.HasSucceeded));
            runs.Where(r => r.Kind == "RUN_KIND_MANUAL").Select(r => r.Id).ShouldBe([(string)triggered["runId"]!]);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(n => n.DisposeAsync().AsTask()));
        }
    }

    private static async Task<JsonObject> Same(NodeProcess[] nodes, string method, JsonObject request)
    {
        var replies = await Task.WhenAll(nodes.Select(n => n.Api.Call(method, request)));
        replies.Select(r => r.ToJsonString()).Distinct().ShouldHaveSingleItem();
        return replies[0];
    }
}

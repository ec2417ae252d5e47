using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Tests.Simulation;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Nemesis;

/// <summary>Waits until a cluster without faults has nothing left to do.</summary>
internal sealed class Resting(TestCluster cluster, IRuntimeStore store, Asking asking, SeededRandom random)
{
    private const int MostRepairs = 5;

    private const string NothingToDo = """
        NOT EXISTS (SELECT 1 FROM latecomer.mailbox) AND NOT EXISTS (SELECT 1 FROM latecomer.timer)
        AND NOT EXISTS (SELECT 1 FROM latecomer.activity WHERE kind <> 'await_commit')
        """;

    private static readonly string AllOwned = $"""
        (SELECT count(*) FROM latecomer.shard AS s JOIN latecomer.node AS n ON n.incarnation = s.owner AND n.expires_at > latecomer.clock(0))
        = {ActorIds.Catalog().Shards.Count()}
        """;

    private int _number;

    /// <summary>Waits for every shard to be owned by a node that lives.</summary>
    /// <returns>What is wrong; null if they are.</returns>
    public async Task<string?> UntilOwned(TimeSpan atMost) => await cluster.Until(AllOwned, atMost)
        ? null
        : $"only {await cluster.Scalar<long>("SELECT count(*) FROM latecomer.shard AS s JOIN latecomer.node AS n ON n.incarnation = s.owner AND n.expires_at > latecomer.clock(0)")} shards are owned {atMost.TotalSeconds} s after all was mended";

    /// <summary>Waits for the end of all runs; what failed for good a person clears, as people do.</summary>
    /// <returns>What is wrong; null if all is at rest.</returns>
    public async Task<string?> UntilAtRest()
    {
        for (var repair = 0; ; repair++)
        {
            if (!await cluster.Until(NothingToDo, Liveness.Bound))
            {
                return $"without any fault the cluster does not come to rest: {await Left()}";
            }

            var runs = (await store.Projections.List(Projections.Runs, "", after: null, int.MaxValue, default)).Select(r => r.As<RunRow>()).ToList();
            var open = runs.Where(r => r.State is RunState.Queued or RunState.Running).ToList();
            if (open.Count == 0)
            {
                return null;
            }

            var failed = runs.Where(r => r is { State: RunState.Failed, Kind: RunKind.Scheduled }).ToList();
            if (repair == MostRepairs || failed.Count == 0)
            {
                return $"nothing is to be done, and runs have not ended: {string.Join(", ", open.Select(r => $"{r.Pipeline} {r.RunId} {r.State}"))}";
            }

            foreach (var run in failed)
            {
                await Clear(run.Pipeline.Value, run.Date.ToString(), task: null);
            }
        }
    }

    /// <summary>Lets the last date of each pipeline look for late partitions once more.</summary>
    public async Task<IReadOnlyList<DateOf>> CreateOnceMore()
    {
        foreach (var pipeline in Pipelines.Names)
        {
            await Clear(pipeline, Pipelines.Dates[^1], Pipelines.TasksOf(pipeline)[(int)TaskKind.Creation]);
        }

        return [.. Pipelines.Names.Select(p => new DateOf(PipelineName.Parse(p), LogicalDate.Parse(Pipelines.Dates[^1])))];
    }

    private async Task Clear(string pipeline, string date, string? task)
    {
        using var patience = new CancellationTokenSource(Liveness.Bound);
        var body = new System.Text.Json.Nodes.JsonObject { ["pipeline"] = pipeline, ["logicalDate"] = date, ["taskId"] = task ?? "", ["downstream"] = true };
        await asking.Ask(new Request($"clear-last-{_number++}", "Runs/Clear", body), random, patience.Token);
    }

    private async Task<string> Left() =>
        $"{await cluster.Scalar<long>("SELECT count(*) FROM latecomer.mailbox")} messages, {await cluster.Scalar<long>("SELECT count(*) FROM latecomer.timer")} timers, "
        + $"activities {await cluster.Scalar<string>("SELECT coalesce(string_agg(actor || '#' || id || ' by ' || coalesce(worker::text, 'nobody'), ', '), 'none') FROM latecomer.activity WHERE kind <> 'await_commit'")}, "
        + $"mail {await cluster.Scalar<string>("SELECT coalesce(string_agg(DISTINCT actor || ' ' || type, ', '), 'none') FROM latecomer.mailbox")}";
}

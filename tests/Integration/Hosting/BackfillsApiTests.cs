using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Backfills of ranges, and pausing, by the API of a real node.</summary>
public sealed class BackfillsApiTests : IAsyncLifetime
{
    private CommandedNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandedNode.Start(days: 6);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_range_is_planned_run_and_found_again_over_a_restart()
    {
        await RunFive();
        var request = new CreateBackfillRequest
        {
            Pipeline = CommandedNode.Name,
            FromDate = CommandedNode.Date(2),
            ToDate = CommandedNode.Date(4),
            ReprocessBehavior = ReprocessBehavior.Completed,
            RunBackwards = true,
            MaxActiveRuns = 1,
            DryRun = true,
        };
        var plan = await Create(request);
        plan.LogicalDates.ShouldBe([CommandedNode.Full(4), CommandedNode.Full(3), CommandedNode.Full(2)]);
        (plan.PlannedRuns, plan.Backfill).ShouldBe((3, null));

        request.DryRun = false;
        request.RequestId = "backfill-1";
        var created = (await Create(request)).Backfill;
        (created.BackfillId, created.State, created.MaxActiveRuns, created.PlannedRuns).ShouldBe(("1", BackfillState.Running, 1, 3));
        (await Create(request)).Backfill.ShouldBe(created);
        await _node.Restart();

        var ended = await HostedCluster.Until(() => Get("1"), "its end", b => b.EndTime != null);
        (ended.State, ended.SucceededRuns, ended.CreatedRuns).ShouldBe((BackfillState.Completed, 3, 3));
        var runs = await _node.Runs(r => r.BackfillId = "1");
        runs.Select(r => r.RunId).ShouldBe([.. new[] { 2, 3, 4 }.Select(d => $"backfill_{CommandedNode.Date(d)}_from_{CommandedNode.Date(2)}_{runs[0].RunId[^24..]}")]);
        runs.ShouldAllBe(r => r.BackfillId == "1" && r.Kind == RunKind.Backfill && r.State == RunState.Success);
        _node.Works().Where(w => w.StartsWith("backfill", StringComparison.Ordinal)).Select(w => w["backfill_".Length..][..10])
            .ShouldBe([CommandedNode.Date(4), CommandedNode.Date(3), CommandedNode.Date(2)]);
    }

    [Fact]
    public async Task It_is_paused_goes_on_and_is_cancelled_with_its_runs()
    {
        await RunFive();
        _node.Hold(2);
        var backfill = (await Create(new CreateBackfillRequest
        {
            Pipeline = CommandedNode.Name,
            FromDate = CommandedNode.Date(2),
            ToDate = CommandedNode.Date(5),
            ReprocessBehavior = ReprocessBehavior.Completed,
            MaxActiveRuns = 1,
        })).Backfill.BackfillId;
        await _node.Until("its first work", runs => runs.Any(r => r.BackfillId == backfill && r.Tasks[2].State == TaskState.Running));

        (await _node.Call<Backfill>(BackfillsReflection.Descriptor, "Pause", new PauseBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = backfill }))
            .State.ShouldBe(BackfillState.Paused);
        (await _node.Call<Backfill>(BackfillsReflection.Descriptor, "Unpause", new UnpauseBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = backfill }))
            .State.ShouldBe(BackfillState.Running);
        var another = new CreateBackfillRequest { Pipeline = CommandedNode.Name, FromDate = CommandedNode.Date(1), ToDate = CommandedNode.Date(1) };
        (await _node.Refused<CreateBackfillResponse>(BackfillsReflection.Descriptor, "Create", another)).ShouldSatisfyAllConditions(
            s => s.Code.ShouldBe(StatusCode.FailedPrecondition), s => s.Message.ShouldStartWith("The backfill 1 of orders_by_day"));
        (await List(active: true)).ShouldBe(["1"]);

        var cancelled = await _node.Call<Backfill>(BackfillsReflection.Descriptor, "Cancel", new CancelBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = backfill });

        (cancelled.State, cancelled.FailedRuns, cancelled.CreatedRuns).ShouldBe((BackfillState.Cancelled, 1, 1));
        (await _node.Runs(r => r.BackfillId = backfill)).ShouldHaveSingleItem().State.ShouldBe(RunState.Cancelled);
        (await List(active: true)).ShouldBeEmpty();
        (await List(active: false)).ShouldBe(["1"]);
        (await _node.Refused<Backfill>(BackfillsReflection.Descriptor, "Get", new GetBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = "7" }))
            .ShouldBe(new Status(StatusCode.NotFound, "There is no backfill 7 of orders_by_day."));
        (await _node.Refused<Backfill>(BackfillsReflection.Descriptor, "Get", new GetBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = "first" }))
            .Code.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_paused_pipeline_makes_no_runs_over_a_restart_until_it_is_unpaused()
    {
        await _node.Apply(5, p => p.MaxActiveRuns = p.MaxActiveBackfills = 1);
        await _node.Until("the first works", runs => runs.Any(r => r.Tasks[2].State == TaskState.Running));

        (await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Pause", new PausePipelineRequest { Name = CommandedNode.Name })).Paused.ShouldBeTrue();
        _node.ReleaseAll();
        await _node.Until("the end of the first", runs => runs.Count(r => r.State == RunState.Success) == 1);
        await _node.Restart();
        var pipeline = await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Get", new GetPipelineRequest { Name = CommandedNode.Name });
        (pipeline.Paused, pipeline.ActiveRuns).ShouldBe((true, 0));
        var list = await _node.Call<ListPipelinesResponse>(PipelinesReflection.Descriptor, "List", new ListPipelinesRequest());
        list.Pipelines.ShouldHaveSingleItem().ShouldBe(pipeline.Pipeline);
        list.Statuses.ShouldHaveSingleItem().ShouldBe(new PipelineStatus(pipeline) { Pipeline = null });
        _node.Works().Length.ShouldBe(1);

        (await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Unpause", new UnpausePipelineRequest { Name = CommandedNode.Name })).Paused.ShouldBeFalse();
        await _node.Until("five successes", runs => runs.Count(r => r.State == RunState.Success) == 5);
    }

    private Task<CreateBackfillResponse> Create(CreateBackfillRequest request) => _node.Call<CreateBackfillResponse>(BackfillsReflection.Descriptor, "Create", request);

    private Task<Backfill> Get(string id) =>
        _node.Call<Backfill>(BackfillsReflection.Descriptor, "Get", new GetBackfillRequest { Pipeline = CommandedNode.Name, BackfillId = id });

    private async Task<string[]> List(bool active) =>
        [.. (await _node.Call<ListBackfillsResponse>(BackfillsReflection.Descriptor, "List", new ListBackfillsRequest { Pipeline = CommandedNode.Name, Active = active }))
            .Backfills.Select(b => b.BackfillId)];

    private async Task RunFive()
    {
        _node.ReleaseAll();
        await _node.Apply(5);
        await _node.Until("five successes", runs => runs.Count(r => r.State == RunState.Success) == 5);
    }
}

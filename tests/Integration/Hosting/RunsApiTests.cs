using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Runs, partitions and pipelines by the API of a real node.</summary>
public sealed class RunsApiTests : IAsyncLifetime
{
    private CommandedNode _node = null!;

    public async Task InitializeAsync() => _node = await CommandedNode.Start(days: 6);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Lists_are_narrowed_by_dates_states_and_kinds_page_by_page()
    {
        await RunFiveOfWhichTwoFail();
        async Task<string[]> Dates(Action<ListRunsRequest> filter) => [.. (await _node.Runs(filter)).Select(r => r.LogicalDate)];

        (await Dates(r => r.FromDate = CommandedNode.Date(2))).ShouldBe([.. Enumerable.Range(2, 4).Select(CommandedNode.Full)]);
        (await Dates(r => (r.FromDate, r.ToDate) = (CommandedNode.Date(2), CommandedNode.Date(3)))).ShouldBe([CommandedNode.Full(2), CommandedNode.Full(3)]);
        (await Dates(r => (r.ToDate, r.PageSize) = (CommandedNode.Date(3), 1))).ShouldBe([.. Enumerable.Range(1, 3).Select(CommandedNode.Full)]);
        (await Dates(r => (r.FromDate, r.ToDate) = (CommandedNode.Date(5), CommandedNode.Date(4)))).ShouldBeEmpty();
        (await Dates(r => r.States.Add(RunState.Failed))).ShouldBe([CommandedNode.Full(2), CommandedNode.Full(4)]);
        (await Dates(OneByOneOfThoseThatSucceeded)).ShouldBe([CommandedNode.Full(1), CommandedNode.Full(3), CommandedNode.Full(5)]);
        (await Dates(r => r.Kinds.Add(RunKind.Manual))).ShouldBeEmpty();
        (await _node.Refused<ListRunsResponse>(RunsReflection.Descriptor, "List", new ListRunsRequest { Pipeline = CommandedNode.Name, FromDate = "soon" }))
            .Code.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_run_is_got_by_its_date_and_its_tries_are_listed()
    {
        await RunFiveOfWhichTwoFail();
        await Clear(new ClearRunsRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2), OnlyFailed = true });
        await _node.Until("the second try to fail", runs => runs.Single(r => r.LogicalDate == CommandedNode.Full(2)).Tasks[2] is { State: TaskState.Failed, TryNumber: 2 });

        var run = await _node.Call<Run>(RunsReflection.Descriptor, "Get", new GetRunRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2) });
        run.RunId.ShouldBe($"scheduled__{CommandedNode.Full(2)}");
        run.State.ShouldBe(RunState.Failed);

        var tries = await _node.Call<ListTriesResponse>(
            RunsReflection.Descriptor, "ListTries", new ListTriesRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2) });
        tries.Tries.Where(t => t.TaskId == "work").Select(t => (t.TryNumber, t.State)).ShouldBe([(1, TaskState.Failed), (2, TaskState.Failed)]);
        tries.Tries.ShouldAllBe(t => t.EndTime != null);

        var none = new GetRunRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2), RunId = "manual__1" };
        (await _node.Refused<Run>(RunsReflection.Descriptor, "Get", none)).ShouldBe(
            new Status(StatusCode.NotFound, $"There is no run manual__1 of orders_by_day for {CommandedNode.Full(2)}."));
        (await _node.Refused<ListTriesResponse>(RunsReflection.Descriptor, "ListTries", new ListTriesRequest { Pipeline = "none", LogicalDate = CommandedNode.Date(2) }))
            .Code.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Only_what_failed_is_cleared_and_a_dry_run_says_how_much_that_is()
    {
        await RunFiveOfWhichTwoFail();
        var clear = new ClearRunsRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1), Future = true, OnlyFailed = true, DryRun = true };

        var would = await Clear(clear);
        (would.AffectedTaskInstances, would.AffectedRuns, would.FirstLogicalDate, would.LastLogicalDate).ShouldBe((14, 2, CommandedNode.Full(2), CommandedNode.Full(4)));
        _node.Works().Length.ShouldBe(5);

        clear.DryRun = false;
        (await Clear(clear)).AffectedTaskInstances.ShouldBe(14);
        await _node.Until("two more works", _ => _node.Works().Length == 7);
    }

    [Fact]
    public async Task A_partition_and_a_pipeline_are_got_with_how_they_stand()
    {
        await _node.Apply(5);
        await _node.Until("the first works", runs => runs.Any(r => r.LogicalDate == CommandedNode.Full(1) && r.Tasks[2].State == TaskState.Running));
        (await Partitions(r => r.Held = true)).ShouldContain(CommandedNode.Full(1));
        _node.ReleaseAll();
        await _node.Until("five successes", runs => runs.Count(r => r.State == RunState.Success) == 5);
        await _node.Load(3);
        await HostedCluster.Until(() => Partitions(r => r.Late = true), "the late one", late => late.Count == 1);

        var partition = await _node.Call<Partition>(
            PartitionsReflection.Descriptor, "Get", new GetPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(3) });
        partition.Late.ShouldBeTrue();
        partition.LastProcessedBy.ShouldBe($"scheduled__{CommandedNode.Full(3)}");
        partition.HoldNumber.ShouldBeGreaterThan(0);
        (await Partitions(r => (r.FromDate, r.ToDate) = (CommandedNode.Date(2), CommandedNode.Date(3)))).ShouldBe([CommandedNode.Full(2), CommandedNode.Full(3)]);
        (await Partitions(r => r.Held = true)).ShouldBeEmpty();
        (await Partitions(r => (r.Late, r.ToDate) = (true, CommandedNode.Date(2)))).ShouldBeEmpty();
        (await _node.Refused<Partition>(PartitionsReflection.Descriptor, "Get", new GetPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = "2023-01-01" }))
            .Message.ShouldStartWith("Nothing is known of");

        var pipeline = await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Get", new GetPipelineRequest { Name = CommandedNode.Name });
        (pipeline.Started, pipeline.ActiveRuns, pipeline.NextLogicalDate, pipeline.Pipeline.MaxActiveRuns).ShouldBe((true, 0, CommandedNode.Full(6), 4));
        (await _node.Refused<PipelineStatus>(PipelinesReflection.Descriptor, "Get", new GetPipelineRequest { Name = "none" }))
            .ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline none."));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_stops_its_work_first_and_may_be_asked_again_by_the_same_id()
    {
        await _node.Apply(3);
        await _node.Until("the first works", runs => runs.Any(r => r.LogicalDate == CommandedNode.Full(1) && r.Tasks[2].State == TaskState.Running));
        var cancel = new CancelRunRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1), RequestId = "cancel-1" };

        var run = await _node.Call<Run>(RunsReflection.Descriptor, "Cancel", cancel);

        run.State.ShouldBe(RunState.Cancelled);
        run.Tasks.Select(t => t.State).ShouldBe([TaskState.Success, TaskState.Success, .. Enumerable.Repeat(TaskState.Cancelled, 5)]);
        (await _node.Call<Run>(RunsReflection.Descriptor, "Cancel", cancel)).ShouldBe(run);
        cancel.RequestId = "cancel-2";
        (await _node.Refused<Run>(RunsReflection.Descriptor, "Cancel", cancel)).ShouldBe(new Status(
            StatusCode.FailedPrecondition, $"scheduled__{CommandedNode.Full(1)} of orders_by_day has ended already: cancelled."));
        cancel.LogicalDate = CommandedNode.Date(2);
        cancel.RequestId = "cancel-1";
        (await _node.Refused<Run>(RunsReflection.Descriptor, "Cancel", cancel)).Code.ShouldBe(StatusCode.InvalidArgument);

        _node.ReleaseAll();
        await Clear(new ClearRunsRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1), OnlyFailed = true });
        await _node.Until("three successes", runs => runs.Count(r => r.State == RunState.Success) == 3);
        _node.Works().Count(w => w.StartsWith($"scheduled__{CommandedNode.Full(1)}", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static void OneByOneOfThoseThatSucceeded(ListRunsRequest request)
    {
        request.PageSize = 1;
        request.States.Add(RunState.Success);
    }

    private Task<ClearRunsResponse> Clear(ClearRunsRequest request) => _node.Call<ClearRunsResponse>(RunsReflection.Descriptor, "Clear", request);

    private async Task<IReadOnlyList<string>> Partitions(Action<ListPartitionsRequest> filter)
    {
        var request = new ListPartitionsRequest { Pipeline = CommandedNode.Name };
        filter(request);
        return [.. (await _node.Call<ListPartitionsResponse>(PartitionsReflection.Descriptor, "List", request)).Partitions.Select(p => p.LogicalDate)];
    }

    private async Task RunFiveOfWhichTwoFail()
    {
        _node.Fail(2);
        _node.Fail(4);
        _node.ReleaseAll();
        await _node.Apply(5);
        await _node.Until("five ends", runs => runs.Count(r => r.EndTime != null) == 5);
    }
}

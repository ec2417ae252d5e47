using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Deleting a pipeline, and applying another of its name, by the API of a real node.</summary>
public sealed class DeleteApiTests : IAsyncLifetime
{
    private CommandedNode _node = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public Task A_pipeline_is_deleted_whole_and_one_of_the_same_name_starts_anew() => DeleteAndApply(postgres: false);

    [PostgresProgramsFact]
    public Task The_same_on_postgres() => DeleteAndApply(postgres: true);

    [Fact]
    public async Task It_is_refused_while_runs_are_active()
    {
        _node = await CommandedNode.Start(days: 6);
        await _node.Apply(5);
        await _node.Until("the first works", runs => runs.Any(r => r.Tasks[2].State == TaskState.Running));
        (await RefusedDelete()).ShouldBe(new Status(
            StatusCode.FailedPrecondition, "orders_by_day is not paused: pause it, let its runs end or cancel them, and delete it then."));
        await Pause();
        (await RefusedDelete()).Message.ShouldStartWith("Runs of orders_by_day are active: scheduled__2024-01-01");
        (await _node.Refused<DeletePipelineResponse>(PipelinesReflection.Descriptor, "Delete", new DeletePipelineRequest { Name = "other" }))
            .ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline other."));
        _node.ReleaseAll();
    }

    private async Task DeleteAndApply(bool postgres)
    {
        _node = await CommandedNode.Start(days: 6, postgres);
        _node.ReleaseAll();
        await _node.Apply(5);
        await _node.Until("five successes", runs => runs.Count(r => r.State == RunState.Success) == 5);
        await _node.Load(2);
        await HostedCluster.Until(Late, "a late date", late => late == 1);
        await Pause();

        var request = new DeletePipelineRequest { Name = CommandedNode.Name, RequestId = "delete-1" };
        await _node.Call<DeletePipelineResponse>(PipelinesReflection.Descriptor, "Delete", request);
        (await _node.Refused<ListRunsResponse>(RunsReflection.Descriptor, "List", new ListRunsRequest { Pipeline = CommandedNode.Name }))
            .ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline orders_by_day."));
        (await _node.Call<ListPipelinesResponse>(PipelinesReflection.Descriptor, "List", new ListPipelinesRequest())).Pipelines.ShouldBeEmpty();
        (await _node.Refused<ListPartitionsResponse>(PartitionsReflection.Descriptor, "List", new ListPartitionsRequest { Pipeline = CommandedNode.Name }))
            .ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline orders_by_day."));
        (await _node.Call<ListTablesResponse>(TablesReflection.Descriptor, "List", new ListTablesRequest())).Tables.ShouldBeEmpty();
        File.Exists(Path.Combine(_node.Dataset, CommandedNode.Name, "backfilling_configuration_2024-01-05.json")).ShouldBeTrue();
        await _node.Restart();
        await _node.Call<DeletePipelineResponse>(PipelinesReflection.Descriptor, "Delete", request);

        await _node.Apply(4);
        var runs = await _node.Until("four successes", runs => runs.Count(r => r.State == RunState.Success) == 4);
        runs.ShouldAllBe(r => r.Tasks.All(t => t.TryNumber == 1) && r.Pin[0].Version == 6);
        (await Late()).ShouldBe(0);
        _node.Works().Length.ShouldBe(9);
        var explained = await _node.Call<ExplainPartitionResponse>(
            PartitionsReflection.Descriptor, "Explain", new ExplainPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2) });
        explained.Steps.ShouldNotContain(s => s.Text.StartsWith("It is late", StringComparison.Ordinal), "that was the pipeline before");
        explained.Steps[0].Text.ShouldStartWith("When orders_by_day began to read orders");
        explained.Truncated.ShouldBeFalse();
    }

    private Task<PipelineStatus> Pause() => _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Pause", new PausePipelineRequest { Name = CommandedNode.Name });

    private Task<Status> RefusedDelete() =>
        _node.Refused<DeletePipelineResponse>(PipelinesReflection.Descriptor, "Delete", new DeletePipelineRequest { Name = CommandedNode.Name });

    private async Task<int> Late() =>
        (await _node.Call<ListPartitionsResponse>(PartitionsReflection.Descriptor, "List", new ListPartitionsRequest { Pipeline = CommandedNode.Name, Late = true })).Partitions.Count;
}

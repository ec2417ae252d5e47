using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing.DeltaLog;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Taking over what was processed elsewhere, by the API of a real node.</summary>
public sealed class AdoptApiTests : IAsyncLifetime
{
    private CommandedNode _node = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public Task What_came_later_is_late_and_backfilled_and_nothing_else_is_run_again() => TakeOver(postgres: false);

    [PostgresProgramsFact]
    public Task The_same_on_postgres() => TakeOver(postgres: true);

    [Fact]
    public async Task A_table_of_states_is_taken_over_and_one_that_cannot_be_changes_nothing()
    {
        await Begin(postgres: false);
        await StateTable.Append(Path.Combine(_node.Dataset, "partitions-state"), ("day=2024-01-01", false, 0), ("day=2024-01-02", false, 6), ("day=2024-01-03", true, 2));
        await StateTable.Append(Path.Combine(_node.Dataset, "broken"), ("day=2024-01-01", false, 0), ("day=2023-01-01", false, 0));
        (await _node.Refused<AdoptPipelineResponse>(PipelinesReflection.Descriptor, "Adopt", Table("broken"))).ShouldBe(new Status(
            StatusCode.FailedPrecondition, "The table of states broken cannot be taken over: day=2023-01-01 is no execution date of orders_by_day, whose first one is 2024-01-01."));
        (await Late()).ShouldBeEmpty();

        var adopted = await Adopt(Table("partitions-state"));
        (adopted.Adopted, adopted.Late, adopted.NextLogicalDate).ShouldBe((3, 1, CommandedNode.Full(4)));
        (await Late()).ShouldBe([CommandedNode.Full(3)]);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_a_sentence()
    {
        await Begin(postgres: false);
        (await Refused(Through(3, version: 99))).ShouldBe(new Status(StatusCode.FailedPrecondition, "orders has no version 99: its newest is 7. Nothing was taken over."));
        (await Refused(Through(31, version: 5))).Code.ShouldBe(StatusCode.InvalidArgument);
        (await Refused(new AdoptPipelineRequest { Name = CommandedNode.Name })).ShouldBe(new Status(
            StatusCode.InvalidArgument, "The request needs what was processed: processed_through, or state_table."));
        (await Refused(new AdoptPipelineRequest(Through(3, version: 5)) { Name = "other" })).ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline other."));

        var twice = Through(3, version: 5);
        twice.ProcessedThrough.Versions.Add(new TablePin { Table = "orders", Version = 4 });
        (await Refused(twice)).ShouldBe(new Status(StatusCode.InvalidArgument, "Two versions of orders are said: say one."));

        _node.ReleaseAll();
        await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Unpause", new UnpausePipelineRequest { Name = CommandedNode.Name });
        (await Refused(Through(3, version: 5))).Message.ShouldStartWith("orders_by_day has runs already, the first of 2024-01-01");
    }

    private async Task TakeOver(bool postgres)
    {
        await Begin(postgres);
        var request = Through(4, version: 5);
        request.DryRun = true;
        (await Adopt(request)).ShouldBe(new AdoptPipelineResponse { Adopted = 4, Late = 2, NextLogicalDate = CommandedNode.Full(5) });
        (await Late()).ShouldBeEmpty();

        request.DryRun = false;
        request.RequestId = "adopt-1";
        var adopted = await Adopt(request);
        adopted.ShouldBe(new AdoptPipelineResponse { Adopted = 4, Late = 2, NextLogicalDate = CommandedNode.Full(5) });
        (await Late()).ShouldBe([CommandedNode.Full(2), CommandedNode.Full(3)]);
        await _node.Restart();
        (await Adopt(request)).ShouldBe(adopted);
        request.ProcessedThrough.LogicalDate = CommandedNode.Date(3);
        (await Refused(request)).Code.ShouldBe(StatusCode.InvalidArgument);

        _node.ReleaseAll();
        await _node.Call<PipelineStatus>(PipelinesReflection.Descriptor, "Unpause", new UnpausePipelineRequest { Name = CommandedNode.Name });
        var runs = await _node.Until("the next run, and the backfills", runs => runs.Count(r => r.State == RunState.Success) == 3);
        runs.Select(r => (r.LogicalDate, r.Kind)).ShouldBe(
            [(CommandedNode.Full(2), RunKind.Backfill), (CommandedNode.Full(3), RunKind.Backfill), (CommandedNode.Full(5), RunKind.Scheduled)], ignoreOrder: true);
        (await Late()).ShouldBeEmpty();

        var clear = new ClearRunsRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(1) };
        (await _node.Refused<ClearRunsResponse>(RunsReflection.Descriptor, "Clear", clear)).Message.ShouldContain("trigger a run of it");
        var explained = await _node.Call<ExplainPartitionResponse>(
            PartitionsReflection.Descriptor, "Explain", new ExplainPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2) });
        explained.Steps.Select(s => s.Text).ShouldContain("What was processed elsewhere was taken over: orders at version 5.");
        explained.Steps.Select(s => s.Text).ShouldContain(t => t.StartsWith("It is late: what was processed, elsewhere, is orders at version 5.", StringComparison.Ordinal));
    }

    /// <summary>Versions 0 to 5 load six days, 6 and 7 two of them again.</summary>
    private async Task Begin(bool postgres)
    {
        _node = await CommandedNode.Start(days: 6, postgres);
        await _node.Load(2);
        await _node.Load(3);
        await _node.Apply(5, paused: true);
    }

    private static AdoptPipelineRequest Through(int day, long version)
    {
        var through = new AdoptProcessedThrough { LogicalDate = CommandedNode.Date(day) };
        through.Versions.Add(new TablePin { Table = "orders", Version = version });
        return new AdoptPipelineRequest { Name = CommandedNode.Name, ProcessedThrough = through };
    }

    private static AdoptPipelineRequest Table(string table) => new() { Name = CommandedNode.Name, StateTable = new AdoptStateTable { Table = table } };

    private Task<AdoptPipelineResponse> Adopt(AdoptPipelineRequest request) => _node.Call<AdoptPipelineResponse>(PipelinesReflection.Descriptor, "Adopt", request);

    private Task<Status> Refused(AdoptPipelineRequest request) => _node.Refused<AdoptPipelineResponse>(PipelinesReflection.Descriptor, "Adopt", request);

    private async Task<string[]> Late() =>
        [.. (await _node.Call<ListPartitionsResponse>(PartitionsReflection.Descriptor, "List", new ListPartitionsRequest { Pipeline = CommandedNode.Name, Late = true })).Partitions.Select(p => p.LogicalDate)];
}

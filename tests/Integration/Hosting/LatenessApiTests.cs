using System.Text.Json.Nodes;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>On a store in the data folder.</summary>
public sealed class LatenessApiOnSqliteTests() : LatenessApiTests(onPostgres: false);

/// <summary>On the store of a cluster.</summary>
public sealed class LatenessApiOnPostgresTests() : LatenessApiTests(onPostgres: true);

/// <summary>What is late: claimed for runs that something else runs, and what a person decides about it, by the API of a real node.</summary>
public abstract class LatenessApiTests(bool onPostgres) : IAsyncLifetime
{
    private const string Airflow = "scheduled__2024-01-03T00:00:00+00:00";
    private const string Other = "manual__2024-02-01T10:00:00+00:00";

    private CommandedNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await CommandedNode.Start(days: 4, onPostgres);
        await _node.Apply(lastDay: 3, p => p.Work = new PipelineWork { TaskId = "process_orders", External = new ExternalWork() });
        await HostedCluster.Until(() => List(_ => { }), "the table to be read", partitions => partitions.Count >= 3);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task What_a_person_dismisses_is_not_late_until_data_arrives_again()
    {
        (await Refused(Dismissing(2))).ShouldBe(Failed("2024-01-02T00:00:00Z of orders_by_day is not late."));
        await MakeLate(2);
        await Mark(Other, 2);
        (await Refused(Dismissing(2))).ShouldBe(Failed($"{Other} is about to process 2024-01-02 of orders_by_day."));
        await Processed(Other, 2);
        await LoadLate(2);
        await Create();
        (await Refused(Dismissing(2))).ShouldBe(Failed($"A claim of {Airflow} covers 2024-01-02 of orders_by_day."));
        await Release(new ReleasePartitionRequest { RunId = Airflow });

        var dismiss = Dismissing(2, "dismiss");
        var dismissed = await Dismiss(dismiss);
        (dismissed.Late, dismissed.LastProcessedBy, dismissed.ClaimId).ShouldBe((false, Other, ""));
        (await Late()).ShouldBeEmpty();
        (await Create(tryNumber: 2)).Partitions.ShouldBeEmpty();
        await LoadLate(2);
        (await Dismiss(dismiss)).ShouldBe(dismissed);
        (await Late()).ShouldBe([CommandedNode.Full(2)]);
        (await Refused(new DismissPartitionRequest(dismiss) { Reason = "another" })).ShouldBe(Reused(dismiss.RequestId));
        var asked = await Audit("Partitions/Dismiss");
        asked.ShouldAllBe(r => r.Caller == "anyone" && r.Address == "127.0.0.1");
        asked.Select(r => r.Status).ShouldBe(["InvalidArgument", "Ok", "FailedPrecondition", "FailedPrecondition", "FailedPrecondition"]);
        (asked[1].Target, asked[1].RequestId, asked[1].Detail.Contains(dismiss.Reason)).ShouldBe(("Partition/orders_by_day/2024-01-02T00:00:00Z", dismiss.RequestId, true));
    }

    [Fact]
    public async Task A_run_that_died_loses_its_partition_and_what_it_says_later_is_refused()
    {
        var first = await Mark(Airflow, 2);
        (await Refused(Releasing(2, Other))).ShouldBe(Failed($"{Other} does not hold 2024-01-02 of orders_by_day: {Airflow} does."));
        (await Refused(Releasing(3, Other))).ShouldBe(Failed("No run has marked 2024-01-03T00:00:00Z of orders_by_day as processing yet, and whether there is such a pipeline is seen then."));
        var release = Releasing(2, Airflow, "release");

        var freed = await Release(release);
        (freed.HeldBy, freed.HoldNumber, freed.LastProcessed.Count).ShouldBe(("", first.HoldNumber, 0));
        (await Mark(Other, 2)).HoldNumber.ShouldBeGreaterThan(first.HoldNumber);
        (await Release(release)).ShouldBe(freed, "the same request frees nobody else's");
        (await Refused(new ReleasePartitionRequest(release) { RunId = Other })).ShouldBe(Reused(release.RequestId));
        (await _node.Refused<MarkAsProcessedResponse>(PartitionsReflection.Descriptor, "MarkAsProcessed", Processing(Airflow, 2)))
            .ShouldBe(Failed($"{Airflow} does not hold 2024-01-02 of orders_by_day: {Other} does."));
        await Processed(Other, 2);

        var runs = await _node.Runs();
        runs.Select(r => (r.RunId, r.State)).ShouldBe([(Airflow, RunState.Failed), (Other, RunState.Success)], ignoreOrder: true);
        runs.Single(r => r.RunId == Airflow).Tasks[1].Message.ShouldBe("released: it died");
        (await Audit("Partitions/Release")).Count(r => r.Status == "Ok").ShouldBe(1);
    }

    [Fact]
    public async Task Claims_that_failed_three_times_wait_for_a_person_and_once_approved_are_made_again()
    {
        await MakeLate(2);
        (await Refused(Approving())).ShouldBe(Failed("2024-01-02 of orders_by_day needs no approval."));
        for (var number = 1; number <= 3; number++)
        {
            (await Create(number)).Partitions.ShouldHaveSingleItem();
            (await Mark(Other, 2, number)).Backfill.ShouldBeTrue();
            (await Release(new ReleasePartitionRequest { RunId = Other })).FailedClaims.ShouldBe(number);
        }

        (await Create(4)).Partitions.ShouldBeEmpty();
        (await List(r => r.NeedsApproval = true)).ShouldHaveSingleItem().FailedClaims.ShouldBe(3);
        var approve = Approving("approve");

        var approved = await Approve(approve);
        (approved.NeedsApproval, approved.Late, approved.FailedClaims).ShouldBe((false, true, 0));
        (await List(r => r.NeedsApproval = true)).ShouldBeEmpty();
        (await Approve(approve)).ShouldBe(approved);
        (await Refused(Approving())).ShouldBe(Failed("2024-01-02 of orders_by_day needs no approval."));
        (await Create(5)).Partitions.ShouldHaveSingleItem().LogicalDate.ShouldBe(CommandedNode.Full(2));
        (await Approve(approve)).ShouldBe(approved, "the reply of then");
        (await Audit("Partitions/Approve")).Select(r => r.Status).Order().ShouldBe(["FailedPrecondition", "FailedPrecondition", "Ok"]);
    }

    [Fact]
    public async Task What_is_late_before_a_date_is_claimed_once_and_written_to_its_file()
    {
        await MakeLate(1, 2);
        var created = await Create();
        created.Partitions.Select(p => (p.LogicalDate, p.Partition)).ShouldBe([(CommandedNode.Full(1), "day=2024-01-01"), (CommandedNode.Full(2), "day=2024-01-02")]);
        created.Partitions.ToList().ForEach(p => p.RunId.ShouldStartWith($"backfill_{p.LogicalDate[..10]}_from_2024-01-03_"));
        created.File.ShouldBe("orders_by_day/backfilling_configuration_2024-01-03.json");
        FileOf(created).ShouldBe("""{"partitions":["day=2024-01-01","day=2024-01-02"]}""");
        (await List(r => r.Claimed = true)).ShouldAllBe(p => p.ClaimId == created.ClaimId);

        (await Create()).ShouldBe(created, "the same request");
        (await Create(requestId: "again")).ShouldBe(created, "the same try under another id");
        await _node.Restart();
        (await Create()).ShouldBe(created);
        (await RefusedCreation(r => r.RunId = Other)).ShouldBe(Reused("create-1"));
        (await Mark(Other, 2)).Backfill.ShouldBeTrue();
        var second = await Create(tryNumber: 2);
        second.Partitions.ShouldHaveSingleItem().LogicalDate.ShouldBe(CommandedNode.Full(1), "a later try gives up what nobody marked, and keeps off what somebody did");
        FileOf(second).ShouldBe("""{"partitions":["day=2024-01-01"]}""");
        (await Processed(Other, 2)).Late.ShouldBeFalse();
        (await Late()).ShouldBe([CommandedNode.Full(1)]);
        (await RefusedCreation(r => r.RequestId = "late")).ShouldBe(Failed($"Try 2 of {Airflow} has created already: try 1 is over."));
        (await Audit("Backfills/CreateFromLate")).Select(r => (r.RequestId, r.Target, r.Status)).ShouldBe(
            [("late", "Pipeline/orders_by_day", "FailedPrecondition"), ("create-2", "Pipeline/orders_by_day", "Ok"), ("create-1", "Backfills/CreateFromLate", "InvalidArgument"), ("again", "Pipeline/orders_by_day", "Ok"), ("create-1", "Pipeline/orders_by_day", "Ok")]);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_a_sentence_and_changes_nothing()
    {
        await MakeLate(2);
        (await RefusedCreation(r => r.RunId = "")).ShouldBe(new Status(StatusCode.InvalidArgument, "'' is no run id."));
        (await RefusedCreation(r => r.TryNumber = -1)).Message.ShouldStartWith("try_number is from 1");
        (await RefusedCreation(r => r.Pipeline = "none")).ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline none."));
        (await RefusedCreation(r => (r.LogicalDate, r.RequestId) = (CommandedNode.Date(4), "no-date"))).ShouldSatisfyAllConditions(
            s => s.Code.ShouldBe(StatusCode.InvalidArgument), s => s.Message.ShouldContain("is no execution date of"));
        (await Refused(new DismissPartitionRequest(Dismissing(2)) { Pipeline = "none" })).ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline none."));
        (await Refused(new DismissPartitionRequest(Dismissing(2)) { Reason = new string('x', 1_001) })).Message.ShouldStartWith("reason has 1001 characters");
        (await Refused(new ApprovePartitionRequest(Approving()) { LogicalDate = "2023-01-01" })).ShouldBe(
            new Status(StatusCode.NotFound, "Nothing is known of 2023-01-01T00:00:00Z of orders_by_day."));
        (await Refused(new ReleasePartitionRequest(Releasing(2, "")))).ShouldBe(new Status(StatusCode.InvalidArgument, "'' is no run id."));
        (await Refused(new ReleasePartitionRequest(Releasing(2, Other)) { LogicalDate = "soon" })).Code.ShouldBe(StatusCode.InvalidArgument);

        await File.WriteAllTextAsync(Path.Combine(_node.Dataset, "orders", "_delta_log", $"{5:D20}.json"), "no action\n");
        (await RefusedCreation(r => r.RequestId = "unreadable")).ShouldSatisfyAllConditions(
            s => s.Code.ShouldBe(StatusCode.FailedPrecondition), s => s.Message.ShouldContain($"{5:D20}.json"));
        (await List(r => r.Claimed = true)).ShouldBeEmpty();
        (await Late()).ShouldBe([CommandedNode.Full(2)]);
    }

    [Fact]
    public async Task A_run_of_ours_is_not_released_but_cancelled()
    {
        const string ours = "ours";
        await _node.Apply(lastDay: 1, p => (p.Name, p.ConfigurationFolder) = (ours, ours));
        await HostedCluster.Until(
            () => _node.Call<ListRunsResponse>(RunsReflection.Descriptor, "List", new ListRunsRequest { Pipeline = ours }), "its work", r => r.Runs.Any(run => run.Tasks[2].State == TaskState.Running));
        var run = $"scheduled__{CommandedNode.Full(1)}";
        (await Refused(new ReleasePartitionRequest(Releasing(1, run)) { Pipeline = ours })).ShouldBe(Failed($"{run} is a run of ours: cancel it."));
        (await RefusedCreation(r => (r.Pipeline, r.LogicalDate, r.RunId) = (ours, CommandedNode.Date(1), run))).ShouldBe(
            Failed($"{run} is the id of a run of ours: create under another."));
        _node.ReleaseAll();
    }

    private static Status Failed(string message) => new(StatusCode.FailedPrecondition, message);

    private static Status Reused(string id) => new(StatusCode.InvalidArgument, $"The request id '{id}' was used for another request: use a new one.");

    private static DismissPartitionRequest Dismissing(int day, string requestId = "") =>
        new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(day), Reason = "a correction of names", RequestId = requestId };

    private static ApprovePartitionRequest Approving(string requestId = "") =>
        new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2), RequestId = requestId };

    private static ReleasePartitionRequest Releasing(int day, string run, string requestId = "") =>
        new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(day), RunId = run, Reason = "it died", RequestId = requestId };

    private static MarkAsProcessedRequest Processing(string run, int day) => new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(day), RunId = run };

    private Task<MarkAsProcessingResponse> Mark(string run, int day, int number = 1) => _node.Call<MarkAsProcessingResponse>(
        PartitionsReflection.Descriptor, "MarkAsProcessing",
        new MarkAsProcessingRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(day), RunId = run, TryNumber = number });

    private Task<MarkAsProcessedResponse> Processed(string run, int day) =>
        _node.Call<MarkAsProcessedResponse>(PartitionsReflection.Descriptor, "MarkAsProcessed", Processing(run, day));

    private static CreateFromLateRequest Creating(int tryNumber, string? requestId = null) => new()
    {
        Pipeline = CommandedNode.Name,
        LogicalDate = CommandedNode.Date(3),
        RunId = Airflow,
        TryNumber = tryNumber,
        RequestId = requestId ?? $"create-{tryNumber}",
    };

    private Task<CreateFromLateResponse> Create(int tryNumber = 1, string? requestId = null) =>
        _node.Call<CreateFromLateResponse>(BackfillsReflection.Descriptor, "CreateFromLate", Creating(tryNumber, requestId));

    private Task<Status> RefusedCreation(Action<CreateFromLateRequest> change)
    {
        var request = Creating(1);
        change(request);
        return _node.Refused<CreateFromLateResponse>(BackfillsReflection.Descriptor, "CreateFromLate", request);
    }

    private string FileOf(CreateFromLateResponse created) => JsonNode.Parse(File.ReadAllText(Path.Combine(_node.Dataset, created.File)))!.ToJsonString();

    private Task<Partition> Dismiss(DismissPartitionRequest request) => _node.Call<Partition>(PartitionsReflection.Descriptor, "Dismiss", request);

    private Task<Partition> Approve(ApprovePartitionRequest request) => _node.Call<Partition>(PartitionsReflection.Descriptor, "Approve", request);

    private Task<Partition> Release(ReleasePartitionRequest request)
    {
        (request.Pipeline, request.LogicalDate) = (CommandedNode.Name, CommandedNode.Date(2));
        return _node.Call<Partition>(PartitionsReflection.Descriptor, "Release", request);
    }

    private Task<Status> Refused(DismissPartitionRequest request) => _node.Refused<Partition>(PartitionsReflection.Descriptor, "Dismiss", request);

    private Task<Status> Refused(ApprovePartitionRequest request) => _node.Refused<Partition>(PartitionsReflection.Descriptor, "Approve", request);

    private Task<Status> Refused(ReleasePartitionRequest request) => _node.Refused<Partition>(PartitionsReflection.Descriptor, "Release", request);

    private async Task<IReadOnlyList<Partition>> List(Action<ListPartitionsRequest> filter)
    {
        var request = new ListPartitionsRequest { Pipeline = CommandedNode.Name };
        filter(request);
        return (await _node.Call<ListPartitionsResponse>(PartitionsReflection.Descriptor, "List", request)).Partitions;
    }

    private async Task<string[]> Late() => [.. (await List(r => r.Late = true)).Select(p => p.LogicalDate)];

    private async Task<IReadOnlyList<AuditRecord>> Audit(string method)
    {
        var page = await _node.Call<ListAuditRecordsResponse>(ClusterReflection.Descriptor, "ListAuditRecords", new ListAuditRecordsRequest { PageSize = 1000 });
        return [.. page.Records.Where(r => r.Method == method)];
    }

    /// <summary>Has days processed, and then loaded once more.</summary>
    private async Task MakeLate(params int[] days)
    {
        foreach (var day in days)
        {
            await Mark("manual__before", day);
            await Processed("manual__before", day);
        }

        foreach (var day in days)
        {
            await LoadLate(day);
        }
    }

    private async Task LoadLate(int day)
    {
        await _node.Load(day);
        await HostedCluster.Until(Late, $"{CommandedNode.Date(day)} to be late", late => late.Contains(CommandedNode.Full(day)));
    }
}

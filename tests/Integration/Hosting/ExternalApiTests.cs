using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Runs that something else runs, by the API of a real node.</summary>
public sealed class ExternalApiTests : IAsyncLifetime
{
    private const string First = "scheduled__2024-01-02T00:00:00+00:00";
    private const string Second = "manual__2024-02-01T10:00:00+00:00";

    private CommandedNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await CommandedNode.Start(days: 4);
        await _node.Apply(lastDay: 3, p => p.Work = new PipelineWork { TaskId = "process_orders", External = new ExternalWork() });
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_run_marks_is_refused_to_others_and_has_processed_what_it_pinned_over_a_restart()
    {
        var marked = await Mark(First);
        marked.Pin.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Table.ShouldBe("orders"), p => p.Version.ShouldBe(3));
        marked.HoldNumber.ShouldBeGreaterThan(0);
        await _node.Restart();
        (await Mark(First)).ShouldBe(marked);
        (await RefusedMark(Second)).ShouldBe(new Status(StatusCode.FailedPrecondition, $"{First} holds 2024-01-02 of {CommandedNode.Name}."));
        await _node.Load(2);
        await HostedCluster.Until(PartitionNow, "the change to be seen", p => p.Inputs[0].ChangeVersion == 4);

        var processed = await Processed(First, marked.HoldNumber);
        (processed.Pin, processed.Late).ShouldBe((marked.Pin, true));
        (await Mark(Second)).Pin.ShouldHaveSingleItem().Version.ShouldBe(4);
        (await Processed(Second)).Late.ShouldBeFalse();

        var runs = await _node.Runs(r => r.Kinds.Add(RunKind.External));
        runs.Select(r => (r.RunId, r.State)).ShouldBe([(First, RunState.Success), (Second, RunState.Success)], ignoreOrder: true);
        runs.Single(r => r.RunId == First).Tasks.Select(t => t.TaskId).ShouldBe(["mark_partition_as_processing", "process_orders", "mark_partition_as_processed"]);
        (await _node.Runs()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Clients_that_ask_at_once_get_the_partition_one_of_them()
    {
        var refusals = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            try
            {
                await Mark($"run-{number}");
                return null;
            }
            catch (RpcException refused)
            {
                return refused.Status.Message;
            }
        }));

        refusals.OfType<string>().Count().ShouldBe(7);
        refusals.OfType<string>().ShouldAllBe(r => r.EndsWith($"holds 2024-01-02 of {CommandedNode.Name}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_a_sentence()
    {
        (await RefusedMark("two words")).ShouldBe(new Status(StatusCode.InvalidArgument, "'two words' is no run id."));
        (await RefusedMark(First, r => r.TryNumber = -1)).Message.ShouldStartWith("try_number is from 1");
        (await RefusedMark(First, r => r.LogicalDate = "2024-01-05")).Message.ShouldContain("is no execution date of");
        (await RefusedMark(First, r => r.Pipeline = "none")).ShouldBe(new Status(StatusCode.NotFound, "There is no pipeline none."));
        (await _node.Refused<MarkAsProcessedResponse>(PartitionsReflection.Descriptor, "MarkAsProcessed", Processing(First)))
            .Message.ShouldContain("No run has marked 2024-01-02T00:00:00Z");
    }

    private static MarkAsProcessedRequest Processing(string run, long hold = 0) =>
        new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2), RunId = run, HoldNumber = hold };

    private static MarkAsProcessingRequest Marking(string run) => new() { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2), RunId = run };

    private Task<MarkAsProcessingResponse> Mark(string run) => _node.Call<MarkAsProcessingResponse>(PartitionsReflection.Descriptor, "MarkAsProcessing", Marking(run));

    private Task<MarkAsProcessedResponse> Processed(string run, long hold = 0) =>
        _node.Call<MarkAsProcessedResponse>(PartitionsReflection.Descriptor, "MarkAsProcessed", Processing(run, hold));

    private Task<Partition> PartitionNow() => _node.Call<Partition>(
        PartitionsReflection.Descriptor, "Get", new GetPartitionRequest { Pipeline = CommandedNode.Name, LogicalDate = CommandedNode.Date(2) });

    private Task<Status> RefusedMark(string run, Action<MarkAsProcessingRequest>? change = null)
    {
        var request = Marking(run);
        change?.Invoke(request);
        return _node.Refused<MarkAsProcessingResponse>(PartitionsReflection.Descriptor, "MarkAsProcessing", request);
    }
}

using Latecomer.Node.Cli;
using Latecomer.Node.Grpc;
using Latecomer.Node.Http;
using Latecomer.Node.Pipelines;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Demo;

/// <summary>What the demo asks of its nodes, over HTTP like anybody else. Every command has an id of its own, so that asking again
/// after an interruption changes nothing.</summary>
internal sealed class DemoClient(IApi api)
{
    private const string PipelineFileName = "devices_loader.yaml";

    /// <summary>Applies the pipeline of <c>examples/</c>, which is built into the program.</summary>
    public async Task Apply(CancellationToken cancellation)
    {
        using var reader = new StreamReader(typeof(DemoClient).Assembly.GetManifestResourceStream(PipelineFileName)!);
        var definition = PipelineFile.Parse(await reader.ReadToEndAsync(cancellation), PipelineFileName);
        await api.Call<ApplyPipelineResponse>("Pipelines/Apply", new ApplyPipelineRequest { Pipeline = definition.ToWire(), RequestId = "demo-apply" }, cancellation);
    }

    /// <summary>Whether the node has any pipeline.</summary>
    public async Task<bool> HasPipelines(CancellationToken cancellation) =>
        (await api.Call<ListPipelinesResponse>("Pipelines/List", new ListPipelinesRequest(), cancellation)).Pipelines.Count > 0;

    /// <summary>All runs, by execution date.</summary>
    public async Task<IReadOnlyList<Run>> Runs(CancellationToken cancellation) => (await RunsCommand.ReadAll(api, SeedsDay.Pipeline, cancellation)).Runs;

    /// <summary>The dates that are late.</summary>
    public async Task<IReadOnlyList<Partition>> Late(CancellationToken cancellation) =>
        (await PartitionsCommand.ReadAll(api, SeedsDay.Pipeline, late: true, cancellation)).Partitions;

    /// <summary>How far the input's log was followed.</summary>
    /// <exception cref="Refusal">It cannot be followed.</exception>
    public async Task<long> Followed(CancellationToken cancellation)
    {
        var input = (await TablesCommand.ReadAll(api, cancellation)).Tables.FirstOrDefault(t => t.Table_ == SeedsDay.Input);
        return input is { Problem.Length: > 0 } ? throw new Refusal(ExitCode.Failed, input.Problem) : input?.Version ?? -1;
    }

    /// <summary>Clears what a scenario says, the <paramref name="number"/>th time; gives the number of affected task instances.</summary>
    public async Task<long> Clear(Scenario.Cleared cleared, int number, bool dryRun, CancellationToken cancellation)
    {
        var request = new ClearRunsRequest
        {
            Pipeline = SeedsDay.Pipeline,
            LogicalDate = cleared.Date,
            TaskId = SeedsDay.Mark,
            Past = cleared.Past,
            Future = cleared.Future,
            Downstream = true,
            DryRun = dryRun,
            RequestId = dryRun ? "" : $"demo-clear-{number}",
        };
        return (await api.Call<ClearRunsResponse>("Runs/Clear", request, cancellation)).AffectedTaskInstances;
    }
}

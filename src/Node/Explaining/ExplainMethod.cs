using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Grpc;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using Latecomer.Runtime;

namespace Latecomer.Node.Explaining;

/// <summary><c>Partitions.Explain</c>.</summary>
internal sealed class ExplainMethod(IRuntimeStore store, ActorCatalog catalog)
{
    /// <summary>Rows of one kind that are read at most.</summary>
    private const int MostRows = 1_000;

    /// <summary>Parts of one commit that are looked at for who made it.</summary>
    private const int PartsOfCommit = 4;

    private readonly EntryDecoder _decoder = new(catalog);

    /// <summary>The method.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        yield return RpcMethod.Unary<ExplainPartitionRequest, ExplainPartitionResponse>(PartitionsReflection.Descriptor.Services[0], "Explain", Explain);
    }

    private async Task<Reply<ExplainPartitionResponse>> Explain(ExplainPartitionRequest request, RpcCall call)
    {
        var pipeline = PipelineName.Parse(request.Pipeline);
        var date = LogicalDate.Parse(request.LogicalDate);
        if (await Row<PipelineRow>(Projections.Pipelines, pipeline.Value, call.Cancellation) is not { } owner)
        {
            return new Status(StatusCode.NotFound, $"There is no pipeline {pipeline}.");
        }

        if (await Row<PartitionRow>(Projections.Partitions, $"{pipeline}/{date}", call.Cancellation) is not { } partition)
        {
            return new Status(StatusCode.NotFound, $"Nothing is known of {date} of {pipeline}.");
        }

        var actor = ActorIds.Partition(pipeline, date);
        var history = await PartitionHistory.Read(store.Journal, _decoder, catalog.ShardOf(actor), actor, call.Cancellation);
        var facts = await Facts(owner, partition, history, call.Cancellation);
        var steps = Explanation.Of(history, facts);
        await new StepCallers(store.Journal, catalog).Fill(steps, history, call.Cancellation);
        return new ExplainPartitionResponse { Partition = partition.ToWire(), Steps = { steps }, Truncated = !history.IsWhole };
    }

    private async Task<PartitionFacts> Facts(PipelineRow pipeline, PartitionRow partition, PartitionHistory history, CancellationToken cancellation)
    {
        var prefix = $"{partition.Pipeline}/{partition.Date}/";
        var commits = new List<CommitRow>();
        foreach (var change in history.Entries.Select(e => e.Entry).OfType<PartitionEntry.ChangeSeen>().Select(c => (c.Table, c.Change.Version)).Distinct().TakeLast(MostRows))
        {
            var rows = await store.Projections.List(Projections.Commits, $"{change.Table}/{change.Version:D20}/", after: null, PartsOfCommit, cancellation);
            commits.AddRange(rows.Select(r => r.As<CommitRow>()));
        }

        return new PartitionFacts(
            pipeline,
            partition,
            await Rows<RunRow>(Projections.Runs, prefix, cancellation),
            await Rows<TryRow>(Projections.Tries, prefix, cancellation),
            commits.ToLookup(c => (c.Table, c.Version)),
            (await Rows<CreationRow>(Projections.Creations, prefix, cancellation)).ToImmutableDictionary(c => c.RunId));
    }

    private async Task<T?> Row<T>(string projection, string key, CancellationToken cancellation)
        where T : class => (await store.Projections.Get(projection, key, cancellation))?.As<T>();

    private async Task<IReadOnlyList<T>> Rows<T>(string projection, string prefix, CancellationToken cancellation) =>
        [.. (await store.Projections.List(projection, prefix, after: null, MostRows, cancellation)).Select(r => r.As<T>())];
}

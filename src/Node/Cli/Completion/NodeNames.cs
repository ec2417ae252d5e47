using Latecomer.Node.Http;
using Latecomer.Node.Pipelines;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary>Names as a node knows them. Asks one page of each list, and gives up quickly and silently.</summary>
/// <param name="connect">Which node to ask.</param>
/// <param name="patience">How long an answer may take.</param>
internal sealed class NodeNames(Func<Connection> connect, TimeSpan patience) : INameSource
{
    private const string TimeoutVariable = "LATECOMER_COMPLETION_TIMEOUT";
    private const int Most = 1000;

    private static readonly TimeSpan Ordinary = TimeSpan.FromSeconds(2);

    /// <summary>How long people wait for a key, unless they say otherwise.</summary>
    public static TimeSpan Patience
    {
        get
        {
            try
            {
                return Environment.GetEnvironmentVariable(TimeoutVariable) is { Length: > 0 } text ? ScheduleText.ParseLength(text) : Ordinary;
            }
            catch (FormatException)
            {
                return Ordinary;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> Find(string kind, PartialLine line, CancellationToken cancellation)
    {
        if (kind is Names.Context)
        {
            return Contexts();
        }

        try
        {
            using var api = new ApiClient(connect() with { Wait = patience });
            return await Ask(api, kind, line.ValueOf(Names.Pipeline) ?? "", line.ValueOf(Names.Date), cancellation);
        }
        catch (Exception e) when (e is Refusal or Google.Protobuf.InvalidProtocolBufferException)
        {
            // Nobody asked a question: whoever completes sees that there is nothing, and no more.
            return [];
        }
    }

    private static Task<IReadOnlyList<Candidate>> Ask(ApiClient api, string kind, string pipeline, string? date, CancellationToken cancellation) => kind switch
    {
        Names.Pipeline => Pipelines(api, cancellation),
        Names.Date when pipeline.Length > 0 => Dates(api, pipeline, cancellation),
        Names.Run when pipeline.Length > 0 => Runs(api, pipeline, date, cancellation),
        Names.Task when pipeline.Length > 0 => Tasks(api, pipeline, cancellation),
        Names.Backfill when pipeline.Length > 0 => Backfills(api, pipeline, cancellation),
        Names.Table => Tables(api, cancellation),
        Names.Node => Nodes(api, cancellation),
        Names.DeadLetter => DeadLetters(api, cancellation),
        _ => Task.FromResult<IReadOnlyList<Candidate>>([]),
    };

    private static IReadOnlyList<Candidate> Contexts()
    {
        try
        {
            return [.. ContextFile.Read(Environment.GetEnvironmentVariable).Contexts.Select(c => new Candidate(c.Name, ServerAddress.Text(c.Server)))];
        }
        catch (Refusal)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<Candidate>> Pipelines(ApiClient api, CancellationToken cancellation)
    {
        var page = await api.Call<ListPipelinesResponse>("Pipelines/List", new ListPipelinesRequest { PageSize = Most }, cancellation);
        return [.. page.Pipelines.Select(p => new Candidate(p.Name, string.Join(",", p.Inputs.Select(i => i.Table))))];
    }

    private static async Task<IReadOnlyList<Candidate>> Dates(ApiClient api, string pipeline, CancellationToken cancellation)
    {
        var page = await api.Call<ListPartitionsResponse>("Partitions/List", new ListPartitionsRequest { Pipeline = pipeline, PageSize = Most }, cancellation);
        return [.. page.Partitions.Select(p => new Candidate(DateText.Short(p.LogicalDate), p.Late ? "late" : ""))];
    }

    private static async Task<IReadOnlyList<Candidate>> Runs(ApiClient api, string pipeline, string? date, CancellationToken cancellation)
    {
        var page = await api.Call<ListRunsResponse>("Runs/List", new ListRunsRequest { Pipeline = pipeline, PageSize = Most }, cancellation);
        return [.. page.Runs.Where(r => date is null || r.LogicalDate.StartsWith(date, StringComparison.Ordinal)).Select(r => new Candidate(r.RunId, $"{r.State}".ToLowerInvariant()))];
    }

    private static async Task<IReadOnlyList<Candidate>> Tasks(ApiClient api, string pipeline, CancellationToken cancellation)
    {
        var page = await api.Call<ListRunsResponse>("Runs/List", new ListRunsRequest { Pipeline = pipeline, PageSize = 1 }, cancellation);
        return [.. page.Runs.SelectMany(r => r.Tasks).Select(t => new Candidate(t.TaskId))];
    }

    private static async Task<IReadOnlyList<Candidate>> Backfills(ApiClient api, string pipeline, CancellationToken cancellation)
    {
        var page = await api.Call<ListBackfillsResponse>("Backfills/List", new ListBackfillsRequest { Pipeline = pipeline, PageSize = Most }, cancellation);
        return [.. page.Backfills.Select(b => new Candidate(b.BackfillId, $"{DateText.Short(b.FromDate)} to {DateText.Short(b.ToDate)}, {$"{b.State}".ToLowerInvariant()}"))];
    }

    private static async Task<IReadOnlyList<Candidate>> Tables(ApiClient api, CancellationToken cancellation)
    {
        var page = await api.Call<ListTablesResponse>("Tables/List", new ListTablesRequest { PageSize = Most }, cancellation);
        return [.. page.Tables.Select(t => new Candidate(t.Table_, $"version {t.Version}"))];
    }

    private static async Task<IReadOnlyList<Candidate>> Nodes(ApiClient api, CancellationToken cancellation)
    {
        var cluster = await api.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), cancellation);
        return [.. cluster.Nodes.Select(n => new Candidate(n.Name, $"{n.State}".ToLowerInvariant()))];
    }

    private static async Task<IReadOnlyList<Candidate>> DeadLetters(ApiClient api, CancellationToken cancellation)
    {
        var page = await api.Call<ListDeadLettersResponse>("Cluster/ListDeadLetters", new ListDeadLettersRequest { PageSize = Most }, cancellation);
        return [.. page.DeadLetters.Select(l => new Candidate($"{l.Id}", l.Type))];
    }
}

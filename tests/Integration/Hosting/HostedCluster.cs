using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Node.Tls;
using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>Hosts of a cluster, all in this process, each as a process would have it, on a database and a data folder of their own.</summary>
internal sealed class HostedCluster : IAsyncDisposable
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeHost> _hosts = [];
    private readonly List<ApiClient> _clients = [];
    private TestDatabase _database = null!;

    public string ConnectionString => _database.ConnectionString;

    public IReadOnlyList<NodeHost> Hosts => _hosts;

    public static async Task<HostedCluster> Make() => new() { _database = await TestDatabase.Rent() };

    /// <summary>Starts a host that serves.</summary>
    public async Task<ApiClient> Add(string name, RuntimeSettings? settings = null, Uri? advertise = null, TlsFiles? tls = null, HttpMessageHandler? handler = null)
    {
        var options = new HostOptions
        {
            Data = _folder.Path,
            Store = ConnectionString,
            Name = name,
            Listen = new Uri(tls is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0"),
            Advertise = advertise,
            Tls = tls ?? TlsFiles.None,
            Runtime = settings ?? new RuntimeSettings(),
        };
        var host = await NodeHost.Start(options, NullLoggerFactory.Instance, default);
        _hosts.Add(host);
        await host.Serve(default);
        var client = new ApiClient(new Connection(host.Address) { Handler = handler });
        _clients.Add(client);
        return client;
    }

    /// <summary>Asks for a pipeline whose table is not there: the answer, that it is not, takes turns and an activity of an actor that any node may have.</summary>
    public static async Task Ask(ApiClient client, string name, CancellationToken cancellation)
    {
        var pipeline = new Pipeline
        {
            Name = name,
            Schedule = "@daily",
            Start = "2026-01-01",
            End = "2026-01-01",
            MaxActiveRuns = 1,
            ConfigurationFolder = name,
            Work = new PipelineWork { TaskId = "work", Command = new CommandWork { Program = "true" } },
        };
        pipeline.Inputs.Add(new PipelineInput { Table = "orders", PartitionColumn = "day" });
        var request = new ApplyPipelineRequest { Pipeline = pipeline, RequestId = $"apply-{name}" };
        (await Should.ThrowAsync<Refusal>(() => client.Call<ApplyPipelineResponse>("Pipelines/Apply", request, cancellation))).Message.ShouldContain("no Delta table");
    }

    /// <summary>Waits until the nodes are as wanted.</summary>
    public static Task<ShowClusterResponse> Until(ApiClient client, string what, Func<ShowClusterResponse, bool> wanted) =>
        Until(() => client.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), default), what, wanted);

    /// <summary>Asks until the answer is as wanted. The API tells nobody of changes by itself, so there is nothing to await but the next answer.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> ask, string what, Func<T, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Liveness.Bound);
        while (true)
        {
            var answer = await ask();
            if (wanted(answer))
            {
                return answer;
            }

            patience.IsCancellationRequested.ShouldBeFalse($"waited for {what}, and there was {answer}");
            await Task.Delay(BetweenAsks);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _database.Return();
        _folder.Dispose();
    }
}

using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Demo;

/// <summary>Nodes of this process, on a store in the data folder.</summary>
internal sealed class EmbeddedStage : IDemoStage
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");

    private readonly ILoggerFactory _logging;
    private readonly NodeHost _host;
    private readonly ApiClient _api;

    private EmbeddedStage(ILoggerFactory logging, NodeHost host)
    {
        _logging = logging;
        _host = host;
        _api = new ApiClient(host.Address);
    }

    /// <inheritdoc/>
    public IApi Api => _api;

    /// <inheritdoc/>
    public string Dataset => _host.Dataset;

    /// <inheritdoc/>
    public Task<string> StoreFailed => _host.StoreFailed;

    /// <summary>Starts the nodes.</summary>
    public static async Task<EmbeddedStage> Start(string data, int nodes, CancellationToken cancellation)
    {
        var logging = StandardErrorLog.Create(LogLevel.Critical);
        NodeHost? host = null;
        try
        {
            host = await NodeHost.Start(new HostOptions { Data = data, Listen = AnyPort, Nodes = nodes }, logging, cancellation);
            await host.Serve(cancellation);
            return new EmbeddedStage(logging, host);
        }
        catch
        {
            await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
            logging.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task Enter(DemoPhase phase, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DemoProgress.NodeShare>> End(CancellationToken cancellation)
    {
        var cluster = await _api.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), cancellation);
        return [.. cluster.Nodes.Select(n => new DemoProgress.NodeShare(n.Name, n.Turns, n.Activities))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _host.DisposeAsync();
        _logging.Dispose();
    }
}

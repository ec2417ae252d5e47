using System.Net.Mime;
using Latecomer.Grpc;
using Latecomer.Node.Cli;
using Latecomer.Node.Tls;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Http;

/// <summary>The node's ports: the API, <c>/healthz</c> (the process serves) and <c>/readyz</c> (it can do what it is asked).</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    /// <summary>The largest request, bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HealthGlance = TimeSpan.FromSeconds(2);
    private static readonly NodeHealth Alive = new(NotReadyBecause: null, []);
    private static readonly NodeHealth Stops = new("The node is stopping; ask another.", []);
    private static readonly NodeHealth Starting = new("The node is starting; ask again.", []);

    private readonly WebApplication _application;
    private readonly ILoggerFactory _logging;
    private readonly CancellationTokenSource _stopping = new();
    private readonly EdgeListeners _bound;
    private volatile NodeHealth _before = Starting;
    private volatile Served? _served;

    private EdgeServer(WebApplication application, EdgeListeners bound, ILoggerFactory logging)
    {
        _application = application;
        _bound = bound;
        _logging = logging;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address => _bound.Listen;

    /// <summary>Where it is called by gRPC, with the port that it got.</summary>
    public Uri GrpcAddress => _bound.Grpc;

    /// <summary>Listens; port 0 takes a free one. Until <see cref="Serve"/> it answers that it is starting.</summary>
    /// <exception cref="Refusal">An address cannot be had.</exception>
    public static async Task<EdgeServer> Start(Uri listen, Uri grpc, NodeTls tls, ILoggerFactory logging, CancellationToken cancellation)
    {
        var listeners = new EdgeListeners(listen, grpc);
        var application = listeners.Build(tls, logging, MaxBodyBytes);
        EdgeServer? server = null;
        application.Run(http => server?.Answer(http) ?? WriteHealth(http, Starting));
        return server = new EdgeServer(application, await listeners.Start(application, cancellation), logging);
    }

    /// <summary>Says why it does not serve yet.</summary>
    public void NotYet(string because) => _before = new NodeHealth(because, []);

    /// <summary>Says from now on that it is not ready any more, ends streams, and answers other calls as long as it can.</summary>
    public void Stopping() => _stopping.Cancel();

    /// <summary>Answers the API from now on.</summary>
    /// <param name="methods">The API's methods.</param>
    /// <param name="filters">What stands around each call.</param>
    /// <param name="health">Asks how the node is.</param>
    /// <param name="others">What other nodes may ask, by its path.</param>
    public void Serve(
        IReadOnlyCollection<RpcMethod> methods, IReadOnlyList<CallFilter> filters, Func<CancellationToken, Task<NodeHealth>> health, IReadOnlyDictionary<string, RequestDelegate> others)
    {
        Func<CancellationToken, Task<NodeHealth>> now = async cancellation => _stopping.IsCancellationRequested ? Stops : await health(cancellation);
        var services = methods.Select(m => m.Descriptor.Service).Distinct().ToList();
        var serving = new HealthService(
            async cancellation => (await now(cancellation)).NotReadyBecause is null, [.. services.Select(s => s.FullName)], HealthGlance, TimeProvider.System);
        var reflection = new ReflectionService([.. services, HealthService.Descriptor]);
        var settings = new RpcSettings { MostRequestBytes = MaxBodyBytes, Translate = StatusOf, Stopping = _stopping.Token, Filters = [ErrorReasons.Add, .. filters] };
        var api = new RpcEndpoint([.. methods, .. serving.Methods(), .. reflection.Methods()], settings, _logging.CreateLogger<RpcEndpoint>());
        _served = new Served(api, now, others);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever has been promised an answer waits no longer than that for it; the promise itself is in the store.
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(StopPatience);
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static Status? StatusOf(Exception e) => e switch
    {
        FormatException => new Status(StatusCode.InvalidArgument, e.Message),
        StoreFaultException => new Status(StatusCode.Unavailable, e.Message),
        _ => null,
    };

    private static Task WriteHealth(HttpContext http, NodeHealth health)
    {
        var isReady = health.NotReadyBecause is null;
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        return http.Response.WriteAsync(health.ToJson());
    }

    private async Task Answer(HttpContext http)
    {
        var served = _served;
        switch (http.Request.Path.Value)
        {
            case "/healthz":
                await WriteHealth(http, Alive);
                break;
            case "/readyz":
                await WriteHealth(http, served is not null ? await served.Health(http.RequestAborted) : _stopping.IsCancellationRequested ? Stops : _before);
                break;
            case { } path when served is not null && served.Others.TryGetValue(path, out var answer):
                await answer(http);
                break;
            default:
                await (served?.Api.Answer(http) ?? WriteHealth(http, _before));
                break;
        }
    }

    private sealed record Served(RpcEndpoint Api, Func<CancellationToken, Task<NodeHealth>> Health, IReadOnlyDictionary<string, RequestDelegate> Others);
}

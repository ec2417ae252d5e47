using System.Net.Mime;
using Latecomer.Node.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Http;

/// <summary>The node's HTTP port: the API, <c>/healthz</c> (the process serves) and <c>/readyz</c> (it can do what it is asked).</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    /// <summary>The largest request, bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly NodeHealth Alive = new(NotReadyBecause: null, []);
    private static readonly NodeHealth Stops = new("The node is stopping; ask another.", []);
    private static readonly NodeHealth Starting = new("The node is starting; ask again.", []);

    private readonly WebApplication _application;
    private readonly ILoggerFactory _logging;
    private volatile NodeHealth _before = Starting;
    private volatile Served? _served;
    private volatile bool _stopping;

    private EdgeServer(WebApplication application, ILoggerFactory logging)
    {
        _application = application;
        _logging = logging;
        application.Run(Answer);
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Listens on <paramref name="listen"/>; port 0 takes a free one. Until <see cref="Serve"/> it answers that it is starting.</summary>
    /// <exception cref="Refusal">The address cannot be had.</exception>
    public static async Task<EdgeServer> Start(Uri listen, ILoggerFactory logging, CancellationToken cancellation)
    {
        if (listen.Scheme != Uri.UriSchemeHttp || listen.AbsolutePath != "/")
        {
            throw new Refusal(ExitCode.Usage, $"--listen takes an address such as http://127.0.0.1:7080, not '{listen}'.");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        }).UseUrls(listen.GetLeftPart(UriPartial.Authority));
        var application = builder.Build();
        var server = new EdgeServer(application, logging);
        await Listen(application, listen, cancellation);
        return server;
    }

    /// <summary>Says why it does not serve yet.</summary>
    public void NotYet(string because) => _before = new NodeHealth(because, []);

    /// <summary>Says from now on that it is not ready any more, and answers the API as long as it can.</summary>
    public void Stopping() => _stopping = true;

    /// <summary>Answers the API from now on.</summary>
    /// <param name="methods">The API's methods.</param>
    /// <param name="health">Asks how the node is.</param>
    /// <param name="others">What other nodes may ask, by its path.</param>
    public void Serve(
        IReadOnlyCollection<UnaryMethod> methods, Func<CancellationToken, Task<NodeHealth>> health, IReadOnlyDictionary<string, RequestDelegate> others) =>
        _served = new Served(new ConnectEndpoint(methods, _logging.CreateLogger<ConnectEndpoint>()), health, others);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever has been promised an answer waits no longer than that for it; the promise itself is in the store.
        using var patience = new CancellationTokenSource(StopPatience);
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static async Task Listen(WebApplication application, Uri listen, CancellationToken cancellation)
    {
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await application.DisposeAsync();
            var reason = e is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }
                ? "another process listens there"
                : e.Message.TrimEnd('.');
            throw new Refusal(ExitCode.Failed, $"Cannot listen on {listen.GetLeftPart(UriPartial.Authority)}: {reason}. Choose another address with --listen; port 0 takes a free one.", e);
        }
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
                await WriteHealth(http, _stopping ? Stops : served is null ? _before : await served.Health(http.RequestAborted));
                break;
            case { } path when served is not null && served.Others.TryGetValue(path, out var answer):
                await answer(http);
                break;
            default:
                await (served?.Api.Answer(http) ?? WriteHealth(http, _before));
                break;
        }
    }

    private static Task WriteHealth(HttpContext http, NodeHealth health)
    {
        var isReady = health.NotReadyBecause is null;
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        return http.Response.WriteAsync(health.ToJson());
    }

    private sealed record Served(ConnectEndpoint Api, Func<CancellationToken, Task<NodeHealth>> Health, IReadOnlyDictionary<string, RequestDelegate> Others);
}

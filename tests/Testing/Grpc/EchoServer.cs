using System.Net;
using Latecomer.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Testing.Grpc;

/// <summary>A server of <see cref="EchoService"/>, health and reflection, on ports of its own.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private EchoServer(WebApplication application, EchoService service)
    {
        _application = application;
        Service = service;
        Uri[] addresses = [.. application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a))];
        (Http, Grpc) = (addresses[0], addresses[1]);
    }

    public EchoService Service { get; }

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public Uri Http { get; }

    /// <summary>Where it speaks HTTP/2 without TLS.</summary>
    public Uri Grpc { get; }

    public bool IsServing { get; set; } = true;

    /// <param name="settings">Changes the settings.</param>
    /// <param name="log">Hears of faults.</param>
    public static async Task<EchoServer> Start(Func<RpcSettings, RpcSettings>? settings = null, ILogger<RpcEndpoint>? log = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.ForStreams();
            kestrel.Listen(IPAddress.Loopback, 0, on => on.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, on => on.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        var service = new EchoService();
        EchoServer? server = null;
        string[] names = [EchoReflection.Descriptor.Services[0].FullName];
        var health = new HealthService(_ => Task.FromResult(server!.IsServing), names, TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var reflection = new ReflectionService([EchoReflection.Descriptor.Services[0], HealthService.Descriptor]);
        var usual = new RpcSettings { MostRequestBytes = 16 * 1024 * 1024, Stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping };
        var endpoint = new RpcEndpoint(
            [.. service.Methods(), .. health.Methods(), .. reflection.Methods()], settings?.Invoke(usual) ?? usual, log ?? NullLogger<RpcEndpoint>.Instance);
        application.Run(endpoint.Answer);
        await application.StartAsync();
        return server = new EchoServer(application, service);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }
}

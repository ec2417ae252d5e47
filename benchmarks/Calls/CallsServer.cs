using System.IO.Pipelines;
using System.Net;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Benchmarks.Calls;

/// <summary>One Kestrel that answers calls, and plain requests with bodies of the same sizes.</summary>
internal sealed class CallsServer : IAsyncDisposable
{
    /// <summary>Where plain requests go.</summary>
    internal const string PlainPath = "/plain";

    private const int PrefixBytes = 5;

    private static readonly byte[] PlainAnswer = new byte[PrefixBytes + Answer.CalculateSize()];

    private readonly WebApplication _application;

    private CallsServer(WebApplication application)
    {
        _application = application;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>What is asked.</summary>
    internal static HealthCheckRequest Request { get; } = new() { Service = "latecomer.bench.Nothing" };

    /// <summary>As many bytes in a plain request.</summary>
    internal static byte[] PlainRequest { get; } = new byte[PrefixBytes + Request.CalculateSize()];

    internal Uri Address { get; }

    private static HealthCheckResponse Answer => new() { Status = HealthCheckResponse.Types.ServingStatus.Serving };

    internal static async Task<CallsServer> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.ForStreams();
            kestrel.Listen(IPAddress.Loopback, 0, on => on.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        var health = new HealthService(_ => Task.FromResult(true), [Request.Service], TimeSpan.FromSeconds(1), TimeProvider.System);
        var calls = new RpcEndpoint([.. health.Methods()], new RpcSettings(), NullLogger<RpcEndpoint>.Instance);
        application.Run(http => http.Request.Path.Value == PlainPath ? Plain(http) : calls.Answer(http));
        await application.StartAsync();
        return new CallsServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static async Task Plain(HttpContext http)
    {
        ReadResult read;
        do
        {
            read = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = PlainAnswer.Length;
        await http.Response.Body.WriteAsync(PlainAnswer);
    }
}

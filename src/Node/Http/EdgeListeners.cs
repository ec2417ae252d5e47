using Latecomer.Grpc;
using Latecomer.Node.Cli;
using Latecomer.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Http;

/// <summary>The node's ports: without TLS one for HTTP/1.1 and one for gRPC, because a connection cannot say then which it wants; with TLS one for both.</summary>
/// <param name="Listen">For HTTP/1.1, with TLS for all; port 0 takes a free one.</param>
/// <param name="Grpc">For HTTP/2; port 0 takes a free one. With TLS it is <paramref name="Listen"/>.</param>
internal sealed record EdgeListeners(Uri Listen, Uri Grpc)
{
    /// <summary>A server that listens there once it is started.</summary>
    /// <exception cref="Refusal">One of them is no address, or not for what <paramref name="tls"/> serves.</exception>
    public WebApplication Build(NodeTls tls, ILoggerFactory logging, int mostBodyBytes)
    {
        var scheme = tls.Serves ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        Check("--listen", Listen, scheme);
        Check("--grpc", Grpc, scheme);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = mostBodyBytes;
            kestrel.Limits.ForStreams();
            if (tls.Serves)
            {
                kestrel.Configure(Endpoint()).Endpoint("1", endpoint => endpoint.ListenOptions.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.ForCaller()) }));
            }
            else
            {
                kestrel.Configure(Endpoints());
            }
        });
        return builder.Build();
    }

    /// <summary>Starts it.</summary>
    /// <returns>Where it listens, with the ports that it got.</returns>
    /// <exception cref="Refusal">An address cannot be had.</exception>
    public async Task<EdgeListeners> Start(WebApplication application, CancellationToken cancellation)
    {
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await application.DisposeAsync();
            throw CannotListen(e);
        }

        Uri[] bound = [.. application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a))];
        return new EdgeListeners(bound[0], bound[^1]);
    }

    private static void Check(string flag, Uri address, string scheme)
    {
        if (address.Scheme != scheme || address.AbsolutePath != "/")
        {
            throw new Refusal(ExitCode.Usage, $"{flag} takes an address such as {scheme}://127.0.0.1:7080, not '{address}'{(address.Scheme == Uri.UriSchemeHttps ? "; https needs --tls-certificate and --tls-key" : "")}.");
        }
    }

    private IConfiguration Endpoint() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Endpoints:1:Url"] = Listen.GetLeftPart(UriPartial.Authority),
        ["Endpoints:1:Protocols"] = nameof(HttpProtocols.Http1AndHttp2),
    }).Build();

    // As configuration, because only that tells what a host name stands for. Sections are read in the order of their names.
    private IConfiguration Endpoints() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Endpoints:1:Url"] = Listen.GetLeftPart(UriPartial.Authority),
        ["Endpoints:1:Protocols"] = nameof(HttpProtocols.Http1),
        ["Endpoints:2:Url"] = Grpc.GetLeftPart(UriPartial.Authority),
        ["Endpoints:2:Protocols"] = nameof(HttpProtocols.Http2),
    }).Build();

    private Refusal CannotListen(Exception e)
    {
        var (flag, address) = Grpc.Port != 0 && e.Message.Contains($":{Grpc.Port}", StringComparison.Ordinal) && Grpc.Port != Listen.Port ? ("--grpc", Grpc) : ("--listen", Listen);
        var reason = e is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }
            ? "another process listens there"
            : e.Message.TrimEnd('.');
        return new Refusal(ExitCode.Failed, $"Cannot listen on {address.GetLeftPart(UriPartial.Authority)}: {reason}. Choose another address with {flag}; port 0 takes a free one.", e);
    }
}

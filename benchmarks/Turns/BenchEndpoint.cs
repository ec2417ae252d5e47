using Latecomer.Node.Hints;
using Latecomer.Node.Intake;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Latecomer.Benchmarks.Turns;

/// <summary>Where a node of a benchmark hears others: what <c>latecomer node</c> has, on a port of its own.</summary>
internal sealed class BenchEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;

    private BenchEndpoint(WebApplication application) => _application = application;

    public string Address => _application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    public static async Task<BenchEndpoint> Start(ClusterSecret secret, ClusterHints hints, LocalIntake intake)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var (hear, offer) = (new HintEndpoint(secret, hints.Hear), new OfferEndpoint(secret, BenchActor.Catalog, intake));
        application.Run(http => http.Request.Path.Value switch
        {
            HintEndpoint.Path => hear.Answer(http),
            OfferEndpoint.Path => offer.Answer(http),
            _ => Nothing(http),
        });
        await application.StartAsync();
        return new BenchEndpoint(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Task Nothing(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}

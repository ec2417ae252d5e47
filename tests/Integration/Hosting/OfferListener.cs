using Latecomer.Node.Hints;
using Latecomer.Node.Intake;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>A node that hears offers, and does with them what a test says.</summary>
internal sealed class OfferListener : IRequestIntake, IAsyncDisposable
{
    private WebApplication _application = null!;

    /// <summary>What it was offered.</summary>
    public List<NewRequest> Heard { get; } = [];

    /// <summary>What becomes of it.</summary>
    public Func<NewRequest, Task<OfferOutcome>> Decide { get; set; } = _ => Task.FromResult<OfferOutcome>(OfferOutcome.Declined.Instance);

    /// <summary>What stands between it and the network.</summary>
    public Func<HttpContext, RequestDelegate, Task> Between { get; set; } = (http, next) => next(http);

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<OfferListener> Start(ClusterSecret secret)
    {
        var listener = new OfferListener();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        listener._application = builder.Build();
        listener._application.Run(http => listener.Between(http, new OfferEndpoint(secret, Toys.Catalog, listener).Answer));
        await listener._application.StartAsync();
        return listener;
    }

    public async ValueTask<OfferOutcome> Offer(NewRequest request, CancellationToken cancellation)
    {
        lock (Heard)
        {
            Heard.Add(request);
        }

        return await Decide(request).WaitAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}

using System.Net;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Grpc;
using Latecomer.Node.Cli;
using Latecomer.Node.Grpc;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Status = Latecomer.Grpc.Status;

namespace Latecomer.Tests.Integration.Cli;

/// <summary>Watches of the command line, with a server that breaks off.</summary>
public sealed class ChangeStreamTests : IAsyncLifetime
{
    private readonly List<string> _tokens = [];
    private readonly CancellationTokenSource _enough = new(Liveness.Bound);
    private readonly TaskCompletionSource _hasB = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _server = null!;
    private HttpContext? _call;

    public async Task InitializeAsync()
    {
        var watch = RpcMethod.ServerStream<WatchRunsRequest, WatchRunsResponse>(RunsReflection.Descriptor.Services[0], "Watch", Watch);
        var endpoint = new RpcEndpoint([watch, .. Unanswered.Of([watch])], new RpcSettings(), NullLogger<RpcEndpoint>.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(http =>
        {
            _call = http;
            return endpoint.Answer(http);
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _enough.Dispose();
    }

    [Fact]
    public async Task What_happens_is_told_once_and_in_order_over_a_stream_that_stops_and_one_that_breaks()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var api = new ApiClient(new Uri(_server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()));
        var asked = new Asked(CommandLine.Root(new ClientOptions()).Parse(["runs", "watch"]), api, new Printer(text, OutputFormat.Plain, hasColours: false), _enough.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => new ChangeStream(asked, "Runs/Watch", "").Print<WatchRunsResponse>(
            token => new WatchRunsRequest { ResumeToken = token }, response => response.ResumeToken, ["run"], Rows));
        text.ToString().ShouldBe("a\nb\nc\n");
        _tokens.ShouldBe(["", "after a", "after b"]);
    }

    private IEnumerable<IReadOnlyList<string>> Rows(WatchRunsResponse response)
    {
        switch (response.ResumeToken)
        {
            case "after b":
                _hasB.SetResult();
                break;
            case "after c":
                _enough.Cancel();
                break;
            default:
                break;
        }

        return response.Changes.Select(c => (IReadOnlyList<string>)[c.RunId]);
    }

    private static WatchRunsResponse Told(string run)
    {
        var response = new WatchRunsResponse { ResumeToken = $"after {run}" };
        response.Changes.Add(new RunChange { RunId = run, Time = new Timestamp() });
        return response;
    }

    private async Task<Status> Watch(WatchRunsRequest request, Responses<WatchRunsResponse> responses, RpcCall call)
    {
        _tokens.Add(request.ResumeToken);
        switch (request.ResumeToken)
        {
            case "":
                await responses.Write(new WatchRunsResponse { ResumeToken = "begin" });
                await responses.Write(Told("a"));
                return new Status(StatusCode.Unavailable, "The server is stopping; ask another.");
            case "after a":
                await responses.Write(Told("b"));
                await _hasB.Task.WaitAsync(Liveness.Bound);
                _call!.Abort();
                return Status.Ok;
            default:
                await responses.Write(Told("c"));
                await Task.Delay(Timeout.Infinite, call.Cancellation);
                return Status.Ok;
        }
    }
}

using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Node.Hosting;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>A node's API by gRPC.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private NodeHost _host = null!;
    private RpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _host = await NodeHost.Start(new HostOptions { Data = _folder.Path, Listen = new Uri("http://127.0.0.1:0") }, NullLoggerFactory.Instance, default);
        _channel = new RpcChannel(_host.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_node_that_starts_is_unavailable() => (await Refused(PipelinesReflection.Descriptor.Services[0], "List", new ListPipelinesRequest())).Code.ShouldBe(StatusCode.Unavailable);

    [Fact]
    public async Task The_methods_of_json_are_those_of_grpc()
    {
        await _host.Serve(default);
        var list = PipelinesReflection.Descriptor.Services[0].FindMethodByName("List");
        (await _channel.Call<ListPipelinesResponse>(list, new ListPipelinesRequest())).Pipelines.ShouldBeEmpty();
        var refused = await Refused(list.Service, "List", new ListPipelinesRequest { PageSize = -1 });
        (refused.Code, refused.Message).ShouldBe((StatusCode.InvalidArgument, "page_size is from 1 to 1000, or 0 for 100; not -1."));
        var missing = await Refused(RunsReflection.Descriptor.Services[0], "List", new ListRunsRequest { Pipeline = "none" });
        (missing.Code, missing.Message).ShouldBe((StatusCode.NotFound, "There is no pipeline none."));
    }

    [Fact]
    public async Task Errors_say_what_programs_need()
    {
        (await Refused(PipelinesReflection.Descriptor.Services[0], "List", new ListPipelinesRequest())).Code.ShouldBe(StatusCode.Unavailable);
        await _host.Serve(default);
        var missing = await Refused(RunsReflection.Descriptor.Services[0], "List", new ListRunsRequest { Pipeline = "none" });
        var info = missing.Detail<ErrorInfo>()!;
        (info.Reason, info.Domain, info.Metadata["method"]).ShouldBe(("NOT_FOUND", "latecomer", "latecomer.v1.Runs.List"));
        missing.Detail<RetryInfo>().ShouldBeNull("to ask again does not help");
    }

    [Fact]
    public async Task It_says_where_it_is_called_by_grpc()
    {
        await _host.Serve(default);
        var shown = await _channel.Call<ShowClusterResponse>(ClusterReflection.Descriptor.Services[0].FindMethodByName("Show"), new ShowClusterRequest());
        shown.Nodes.Single().GrpcAddress.ShouldBe(_host.GrpcAddress.GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task A_watch_of_its_health_ends_when_it_stops()
    {
        await _host.Serve(default);
        await using var watch = _channel.Stream<HealthCheckResponse>(HealthService.Descriptor.FindMethodByName("Watch"), new HealthCheckRequest()).GetAsyncEnumerator();
        (await watch.MoveNextAsync()).ShouldBeTrue();
        watch.Current.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        var end = watch.MoveNextAsync().AsTask();
        await _host.DisposeAsync();
        (await Should.ThrowAsync<RpcException>(() => end)).Status.Code.ShouldBe(StatusCode.Unavailable);
    }

    private async Task<Status> Refused(Google.Protobuf.Reflection.ServiceDescriptor service, string method, Google.Protobuf.IMessage request) =>
        (await Should.ThrowAsync<RpcException>(() => _channel.Call<ListPipelinesResponse>(service.FindMethodByName(method), request))).Status;
}

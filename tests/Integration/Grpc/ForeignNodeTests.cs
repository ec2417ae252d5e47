using Latecomer.Node.Hosting;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Clients that nobody here wrote ask a node, of which they know the address alone: reflection tells them the rest.</summary>
public sealed class ForeignNodeTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["services"] = string.Join(',', [
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            "latecomer.v1.Backfills", "latecomer.v1.Cluster", "latecomer.v1.Partitions", "latecomer.v1.Pipelines", "latecomer.v1.Runs", "latecomer.v1.Tables"]),
        ["pipelines"] = "0",
        ["refused"] = "3 page_size is from 1 to 1000, or 0 for 100; not -1.",
        ["missing"] = "5 There is no pipeline none.",
        ["late"] = "4",
        ["nodes"] = "node-1",
        ["watch"] = "SERVING 1",
    };

    private readonly TemporaryFolder _folder = new();
    private NodeHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await NodeHost.Start(new HostOptions { Data = _folder.Path, Listen = new Uri("http://127.0.0.1:0") }, NullLoggerFactory.Instance, default);
        await _host.Serve(default);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Grpc_js_asks_a_node() => Sorted(await ForeignClient.Node(_host.GrpcAddress, "node.mjs")).ShouldBe(Sorted(Expected));

    [Fact]
    public async Task Grpcio_asks_a_node() => Sorted(await ForeignClient.Python(_host.GrpcAddress, "node.py")).ShouldBe(Sorted(Expected));

    private static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> cases) => cases.OrderBy(c => c.Key, StringComparer.Ordinal);
}

using System.Text.Json;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Clients that nobody here wrote ask a node, of which they know the address alone: reflection tells them the rest.</summary>
public sealed class ForeignNodeTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["services"] = string.Join(',', [
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            "latecomer.v1.Backfills", "latecomer.v1.Cluster", "latecomer.v1.Partitions", "latecomer.v1.Pipelines", "latecomer.v1.Runs", "latecomer.v1.Tables",
            "latecomer.v1.Tokens"]),
        ["unary"] = "node-1",
        ["refused"] = "3 page_size is from 1 to 1000, or 0 for 100; not -1.",
        ["missing"] = "5 There is no pipeline none.",
        ["details"] = "NOT_FOUND latecomer latecomer.v1.Runs.List",
        ["unknown"] = "12",
        ["late"] = "4",
        ["repeated"] = "true true 3 request_id_reused latecomer latecomer.v1.pipelines.apply",
        ["large"] = "true",
        ["gzip"] = "true",
        ["oversized"] = "8",
        ["watched"] = "runcreated true",
        ["reflection"] = "5 true",
        ["health"] = "SERVING",
        ["healthUnknown"] = "5",
        ["cancelled"] = "SERVING 1",
        ["deadline"] = "SERVING 4",
    };

    private ServedNode _node = null!;

    public async Task InitializeAsync() => _node = await ServedNode.Start();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Grpc_js_asks_a_node() => Sorted(await ForeignClient.Node(_node.Host.GrpcAddress, "node.mjs")).ShouldBe(Sorted(Expected));

    [Fact]
    public async Task Grpcio_asks_a_node() => Sorted(await ForeignClient.Python(_node.Host.GrpcAddress, "node.py")).ShouldBe(Sorted(Expected));

    [Theory]
    [InlineData(200, "", "Cluster/Show", "{}")]
    [InlineData(400, "INVALID_ARGUMENT", "Pipelines/List", """{"pageSize": -1}""")]
    [InlineData(400, "INVALID_ARGUMENT", "Pipelines/List", """{"pageSise": 1}""")]
    [InlineData(404, "NOT_FOUND", "Runs/List", """{"pipeline": "none"}""")]
    [InlineData(404, "NOT_FOUND", "Runs/List", """{"pipeline": "none"}""", "connect-protocol-version: 1")]
    [InlineData(404, null, "Runs/NoSuch", "{}")]
    [InlineData(415, null, "Runs/List", "{}", "content-type: text/plain")]
    [InlineData(400, null, "Runs/List", "{}", "connect-timeout-ms: soon")]
    [InlineData(501, null, "Runs/List", "{}", "content-encoding: br")]
    public async Task Curl_asks_a_node(int status, string? reason, string method, string body, string header = "x-none: x")
    {
        string[] type = header.StartsWith("content-type", StringComparison.Ordinal) ? [] : ["-H", "content-type: application/json"];
        var answer = await ForeignClient.Curl(new Uri(_node.Host.Address, $"/latecomer.v1.{method}"), [.. type, "-H", header, "-d", body]);
        answer.Status.ShouldBe(status, answer.Body);
        if (reason is { Length: > 0 })
        {
            var error = JsonDocument.Parse(answer.Body).RootElement;
            error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
            error.GetProperty("details")[0].GetProperty("debug").GetProperty("reason").GetString().ShouldBe(reason);
        }
    }

    [Fact]
    public async Task Curl_sends_too_much_or_gzip_to_a_node()
    {
        using var folder = new TemporaryFolder();
        var (large, gzip) = (Path.Combine(folder.Path, "large"), Path.Combine(folder.Path, "gzip"));
        await File.WriteAllTextAsync(large, $$"""{"pageToken": "{{new string('x', 2 << 20)}}"}""");
        await File.WriteAllBytesAsync(gzip, ConnectTests.Zip("""{"pageSize": 1}"""u8.ToArray()));
        (await Post(large)).ShouldContain("resource_exhausted");
        (await Post(gzip, "-H", "content-encoding: gzip")).ShouldBe("{ }");
    }

    private async Task<string> Post(string file, params string[] more) => (await ForeignClient.Curl(
        new Uri(_node.Host.Address, "/latecomer.v1.Pipelines/List"), ["-H", "content-type: application/json", .. more, "--data-binary", $"@{file}"])).Body;

    private static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> cases) => cases.OrderBy(c => c.Key, StringComparer.Ordinal);
}

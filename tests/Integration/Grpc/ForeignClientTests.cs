using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>What clients that nobody here wrote see of a server: both the same.</summary>
public sealed class ForeignClientTests
{
    private const string Services =
        "grpc.health.v1.Health,grpc.reflection.v1.ServerReflection,grpc.reflection.v1alpha.ServerReflection,latecomer.tests.Echo";

    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["unary"] = "hällo 🙂",
        ["stream"] = "1000",
        ["collected"] = "a b c",
        ["chat"] = "1,2,3",
        ["deadline"] = "4",
        ["cancelled"] = "1",
        ["details"] = "9|nicht möglich: 100 %|type.googleapis.com/google.rpc.BadRequest|name",
        ["fault"] = "A fault of the server itself; its log has more.",
        ["unknown"] = "12",
        ["large"] = "6291456",
        ["gzip"] = "6291456",
        ["oversized"] = "8",
        ["metadata"] = "there and back|00ff80|there and back|00ff80",
        ["reflection"] = $"{Services} 1 true 5",
        ["reflectionAlpha"] = $"{Services} 1 true 5",
        ["health"] = "SERVING",
        ["healthUnknown"] = "5",
        ["watch"] = "SERVING",
    };

    [Fact]
    public Task Grpc_js_sees_what_the_protocol_promises() => Sees(server => ForeignClient.Node(server, "client.mjs"));

    [Fact]
    public Task Grpcio_sees_what_the_protocol_promises() => Sees(server => ForeignClient.Python(server, "client.py"));

    private static async Task Sees(Func<Uri, Task<IReadOnlyDictionary<string, string>>> run)
    {
        await using var server = await EchoServer.Start();
        (await run(server.Grpc)).OrderBy(c => c.Key, StringComparer.Ordinal).ShouldBe(Expected.OrderBy(c => c.Key, StringComparer.Ordinal));

        // The handlers whose callers left have heard of it.
        string[] left = [await server.Service.NextLeft(), await server.Service.NextLeft()];
        left.Order(StringComparer.Ordinal).ShouldBe(["cancelled", "deadline"]);
    }
}

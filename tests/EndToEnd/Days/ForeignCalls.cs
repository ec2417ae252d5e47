using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Days;

/// <summary>Calls a node by programs that nobody here wrote.</summary>
internal static class ForeignCalls
{
    private static readonly string Python = Environment.GetEnvironmentVariable("LATECOMER_TEST_PYTHON") is { Length: > 0 } given ? given : "/usr/bin/python3";

    /// <summary>By <c>curl</c>: JSON over POST.</summary>
    public static async Task<JsonObject> Curl(NodeProcess node, string method, JsonObject request) => (await Cli.RunProgram(
        "curl", Sending(request), "-sS", "--fail-with-body", "-H", "content-type: application/json", "--data-binary", "@-", $"{node.Server}/latecomer.v1.{method}")).Succeeded().Json;

    /// <summary>By <c>grpcio</c>, which knows the address of a node and nothing else.</summary>
    public static async Task<JsonObject> Grpcio(Uri address, string method, JsonObject request) => (await Cli.RunProgram(
        Python, Sending(request), Path.Combine(AppContext.BaseDirectory, "Grpc", "call.py"), address.Authority, $"latecomer.v1.{method}")).Succeeded().Json;

    private static Surroundings Sending(JsonObject request) => new() { Input = request.ToJsonString() };
}

using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>Kubernetes' own schemas, read strictly: a field that they do not have is a fault.</summary>
internal static class KubernetesSchemas
{
    /// <summary>What is wrong with objects, a sentence each.</summary>
    public static async Task<IReadOnlyList<string>> FaultsOf(IEnumerable<JsonObject> manifests)
    {
        var modules = Environment.GetEnvironmentVariable("LATECOMER_NODE_MODULES") ?? BuiltProgram.FileOfCheckout("tests", "EndToEnd", "npm", "node_modules");
        Directory.Exists(Path.Combine(modules, "kubernetes-models")).ShouldBeTrue($"{modules} has no kubernetes-models: run ./test, which installs it");
        var surroundings = new Surroundings
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_NODE_MODULES"] = modules },
            Input = new JsonArray([.. manifests.Select(m => m.DeepClone())]).ToJsonString(),
        };
        var checkedBy = (await Cli.RunProgram("node", surroundings, Path.Combine(AppContext.BaseDirectory, "npm", "kubernetes.mjs"))).Succeeded();
        return [.. JsonNode.Parse(checkedBy.Output)!.AsArray().Select(fault => (string)fault!)];
    }
}

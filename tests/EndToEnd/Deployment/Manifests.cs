using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>What a kustomization comes to: the objects that a cluster would be given.</summary>
internal sealed class Manifests
{
    private Manifests(IReadOnlyList<JsonObject> all) => All = all;

    /// <summary>All kustomizations of the checkout: the base, and every overlay.</summary>
    public static IEnumerable<string> Folders =>
        [.. Directory.EnumerateDirectories(BuiltProgram.FileOfCheckout("k8s", "overlays")).Select(Path.GetFileName).Select(name => $"overlays/{name}").Prepend("base")];

    /// <summary>The objects.</summary>
    public IReadOnlyList<JsonObject> All { get; }

    /// <summary>Builds one.</summary>
    public static async Task<Manifests> Of(string folder)
    {
        var built = await Cli.RunProgram("kubectl", new Surroundings(), "kustomize", BuiltProgram.FileOfCheckout(["k8s", .. folder.Split('/')]));
        return new Manifests(YamlDocuments.Parse(built.Succeeded().Output));
    }

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<JsonObject> OfKind(string kind) => All.Where(o => (string?)o["kind"] == kind);

    /// <summary>The object of a kind and name.</summary>
    public JsonObject One(string kind, string name) =>
        OfKind(kind).SingleOrDefault(o => (string?)o["metadata"]!["name"] == name) ?? throw new InvalidDataException($"There is no {kind} {name}.");

    /// <summary>The templates of pods, by the name of what makes them.</summary>
    public IEnumerable<(string Name, JsonObject Template)> Pods() =>
        OfKind("StatefulSet").Concat(OfKind("Deployment")).Select(o => ((string)o["metadata"]!["name"]!, o["spec"]!["template"]!.AsObject()));
}

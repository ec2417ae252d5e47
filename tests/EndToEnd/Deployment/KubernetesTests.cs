using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The manifests, as far as they can be held to account without a cluster.</summary>
public sealed partial class KubernetesTests
{
    private const string Minikube = "overlays/minikube";

    public static TheoryData<string> Folders => [.. Manifests.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_kustomization_builds_and_has_only_what_Kubernetes_knows(string folder)
    {
        var manifests = await Manifests.Of(folder);
        manifests.All.ShouldNotBeEmpty();
        (await KubernetesSchemas.FaultsOf(manifests.All)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_schemas_refuse_what_Kubernetes_does_not_know()
    {
        var nodes = (await Manifests.Of("base")).One("StatefulSet", "latecomer");
        var container = nodes["spec"]!["template"]!["spec"]!["containers"]![0]!;
        container["readinessProbe"]!["httpPath"] = "/readyz";
        container["ports"]![0]!["containerPort"] = "http";
        nodes["spec"]!.AsObject().Remove("selector");
        nodes["metadata"]!["name2"] = "x";
        var kind = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "StatefulSets", ["metadata"] = new JsonObject { ["name"] = "x" } };
        var faults = await KubernetesSchemas.FaultsOf([nodes, kind]);
        faults.Count.ShouldBe(5);
        foreach (var part in new[] { "/readinessProbe/httpPath", "/ports/0/containerPort", "\"selector\"", "/metadata/name2", "StatefulSets in apps/v1" })
        {
            faults.ShouldContain(f => f.Contains(part, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Every_pod_keeps_to_the_restricted_profile(string folder)
    {
        foreach (var (name, template) in (await Manifests.Of(folder)).Pods())
        {
            RestrictedProfile.Hold(name, template);
        }
    }

    [Fact]
    public async Task What_the_objects_name_is_there()
    {
        var manifests = await Manifests.Of(Minikube);
        manifests.All.Where(o => (string?)o["kind"] != "PersistentVolume").ShouldAllBe(o => (string?)o["metadata"]!["namespace"] == "dedp-ch03");
        manifests.One("PersistentVolume", "latecomer-dataset")["spec"]!["hostPath"]!["path"]!.ToString().ShouldBe("/data_for_demo");
        foreach (var (name, template) in manifests.Pods())
        {
            NamedByPod(manifests, name, template["spec"]!.AsObject());
        }

        foreach (var service in manifests.OfKind("Service").Concat(manifests.OfKind("PodDisruptionBudget")))
        {
            var selector = (service["spec"]!["selector"]!["matchLabels"] ?? service["spec"]!["selector"])!.AsObject();
            var selected = manifests.Pods().Where(p => selector.All(s => (string?)p.Template["metadata"]!["labels"]![s.Key] == (string?)s.Value)).ToList();
            var pod = selected.ShouldHaveSingleItem($"{service["metadata"]!["name"]}").Template["spec"]!;
            var ports = pod["containers"]!.AsArray().SelectMany(c => c!["ports"]!.AsArray()).Select(p => (string)p!["name"]!);
            (service["spec"]!["ports"]?.AsArray() ?? []).Select(p => (string)p!["targetPort"]!).ShouldBeSubsetOf(ports);
        }
    }

    [Fact]
    public async Task The_settings_are_those_that_the_program_has()
    {
        var manifests = await Manifests.Of(Minikube);
        var container = manifests.One("StatefulSet", "latecomer")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var given = container["env"]!.AsArray().Select(e => (string)e!["name"]!).Concat(manifests.One("ConfigMap", "latecomer")["data"]!.AsObject().Select(e => e.Key)).ToList();
        given.ShouldBeUnique();
        var known = Variable().Matches((await Cli.Run("node", "--help")).Succeeded().Output).Select(m => m.Value);
        given.ShouldBeSubsetOf(known);
        given.ShouldBe(["LATECOMER_NAME", "LATECOMER_ADVERTISE", "LATECOMER_STORE", "LATECOMER_DATA", "LATECOMER_LISTEN"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_image_is_that_of_this_version()
    {
        var version = VersionElement().Match(File.ReadAllText(BuiltProgram.FileOfCheckout("Directory.Build.props"))).Groups["version"].Value;
        var container = (await Manifests.Of(Minikube)).One("StatefulSet", "latecomer")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        ((string)container["image"]!).ShouldBe($"latecomer:{version}");
        foreach (var file in new[] { "docker/Dockerfile", "docker/compose.yaml", "README.md" })
        {
            Image().Matches(File.ReadAllText(BuiltProgram.FileOfCheckout(file.Split('/')))).Select(m => m.Groups["version"].Value).Distinct().ShouldBe([version], file);
        }
    }

    private static void NamedByPod(Manifests manifests, string owner, JsonObject pod)
    {
        if ((string?)pod["serviceAccountName"] is { } account)
        {
            manifests.One("ServiceAccount", account);
        }

        manifests.One("Service", (string)manifests.One("StatefulSet", owner)["spec"]!["serviceName"]!)["spec"]!["clusterIP"]!.ToString().ShouldBe("None");
        var volumes = pod["volumes"]!.AsArray().Select(v => (string)v!["name"]!)
            .Concat((manifests.One("StatefulSet", owner)["spec"]!["volumeClaimTemplates"]?.AsArray() ?? []).Select(c => (string)c!["metadata"]!["name"]!)).ToList();
        foreach (var claim in pod["volumes"]!.AsArray().Select(v => (string?)v!["persistentVolumeClaim"]?["claimName"]).OfType<string>())
        {
            manifests.One("PersistentVolumeClaim", claim);
        }

        foreach (var container in pod["containers"]!.AsArray())
        {
            container!["volumeMounts"]!.AsArray().Select(m => (string)m!["name"]!).ShouldBe(volumes, ignoreOrder: true);
            var ports = container["ports"]!.AsArray().Select(p => (string)p!["name"]!).ToList();
            foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(p => container[p]!))
            {
                ports.ShouldContain((string?)(probe["httpGet"] ?? probe["tcpSocket"])?["port"] ?? ports[0]);
            }

            foreach (var map in (container["envFrom"]?.AsArray() ?? []).Select(e => (string)e!["configMapRef"]!["name"]!))
            {
                manifests.One("ConfigMap", map);
            }
        }

        // The one thing that is made by hand, with a password of one's own.
        var readme = File.ReadAllText(BuiltProgram.FileOfCheckout("README.md"));
        foreach (var (secret, key) in Secrets(pod))
        {
            readme.ShouldContain($"kubectl create secret generic {secret} ");
            readme.ShouldContain($"--from-literal={key}=");
        }
    }

    private static IEnumerable<(string Name, string Key)> Secrets(JsonObject pod) =>
    [
        .. pod["containers"]!.AsArray().SelectMany(c => c!["env"]!.AsArray()).Select(e => e!["valueFrom"]?["secretKeyRef"]).OfType<JsonNode>()
            .Select(r => ((string)r["name"]!, (string)r["key"]!)),
        .. pod["volumes"]!.AsArray().Select(v => v!["secret"]).OfType<JsonNode>()
            .SelectMany(s => s["items"]!.AsArray().Select(i => ((string)s["secretName"]!, (string)i!["key"]!))),
    ];

    [GeneratedRegex("LATECOMER_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("<Version>(?<version>[^<]+)</Version>", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionElement();

    [GeneratedRegex("\\blatecomer:(?<version>\\d[\\w.-]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Image();
}

using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The restricted profile of Kubernetes' pod security standards, and a root file system that nobody writes to.</summary>
internal static class RestrictedProfile
{
    private static readonly string[] Volumes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    /// <summary>Fails where a pod asks for more than the profile gives.</summary>
    public static void Hold(string name, JsonObject template)
    {
        var pod = template["spec"]!.AsObject();
        foreach (var shared in new[] { "hostNetwork", "hostPID", "hostIPC" })
        {
            ((bool?)pod[shared]).ShouldNotBe(true, $"{name}: {shared}");
        }

        foreach (var volume in pod["volumes"]?.AsArray() ?? [])
        {
            volume!.AsObject().Select(v => v.Key).Where(k => k != "name").ShouldBeSubsetOf(Volumes, $"{name}: a volume");
        }

        var context = pod["securityContext"]!;
        ((bool?)context["runAsNonRoot"]).ShouldBe(true, name);
        ((long?)context["runAsUser"] ?? 0).ShouldBeGreaterThan(0, name);
        ((string?)context["seccompProfile"]?["type"]).ShouldBe("RuntimeDefault", name);
        foreach (var container in pod["containers"]!.AsArray().Concat(pod["initContainers"]?.AsArray() ?? []))
        {
            var own = container!["securityContext"]!;
            ((bool?)own["allowPrivilegeEscalation"]).ShouldBe(false, name);
            ((bool?)own["privileged"]).ShouldNotBe(true, name);
            ((bool?)own["readOnlyRootFilesystem"]).ShouldBe(true, name);
            own["runAsUser"].ShouldBeNull(name);
            own["capabilities"]!["drop"]!.AsArray().Select(c => (string)c!).ShouldBe(["ALL"], name);
            own["capabilities"]!["add"].ShouldBeNull(name);
            foreach (var port in container["ports"]?.AsArray() ?? [])
            {
                port!["hostPort"].ShouldBeNull(name);
            }
        }
    }
}

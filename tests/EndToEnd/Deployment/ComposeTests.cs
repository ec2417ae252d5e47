using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The compose file, as far as it can be held to account without an engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly JsonObject Compose = YamlDocuments.Parse(File.ReadAllText(BuiltProgram.FileOfCheckout("docker", "compose.yaml"))).Single();

    /// <summary>The elements of a service that the specification has and we use.</summary>
    private static readonly string[] Known =
    [
        "image", "build", "init", "user", "read_only", "cap_drop", "security_opt", "tmpfs", "volumes", "secrets", "depends_on", "healthcheck",
        "stop_grace_period", "restart", "environment", "ports",
    ];

    private static IEnumerable<(string Name, JsonObject Element)> Services => Compose["services"]!.AsObject().Select(s => (s.Key, s.Value!.AsObject()));

    private static IEnumerable<(string Name, JsonObject Element)> Nodes => Services.Where(s => s.Name.StartsWith("node-", StringComparison.Ordinal));

    [Fact]
    public void It_has_three_nodes_and_their_store_and_only_elements_that_compose_knows()
    {
        Compose.Select(e => e.Key).Where(k => !k.StartsWith("x-", StringComparison.Ordinal)).ShouldBe(["name", "services", "volumes", "secrets"]);
        Services.Select(s => s.Name).ShouldBe(["postgres", "node-1", "node-2", "node-3"]);
        foreach (var (name, element) in Services)
        {
            element.Select(e => e.Key).ShouldBeSubsetOf(Known, name);
            element["healthcheck"]!.AsObject().Select(e => e.Key).ShouldBeSubsetOf(["test", "interval", "timeout", "start_period", "start_interval", "retries"], name);
        }
    }

    [Fact]
    public void What_services_name_is_there()
    {
        foreach (var (name, element) in Services)
        {
            (element["secrets"]?.AsArray() ?? []).ShouldAllBe(s => Compose["secrets"]!.AsObject().ContainsKey((string)s!), name);
            element["volumes"]!.AsArray().Select(v => ((string)v!).Split(':')[0]).ShouldBeSubsetOf(Compose["volumes"]!.AsObject().Select(v => v.Key), name);
            (element["depends_on"]?.AsObject() ?? []).Select(d => d.Key).ShouldBeSubsetOf(Services.Select(s => s.Name), name);
            if (element["build"] is { } build)
            {
                var context = Path.GetFullPath(BuiltProgram.FileOfCheckout("docker", (string)build["context"]!));
                File.Exists(Path.Combine(context, (string)build["dockerfile"]!)).ShouldBeTrue(name);
            }
        }
    }

    [Fact]
    public void Nodes_are_told_apart_and_may_do_little()
    {
        var hostPorts = Nodes.Select(n => (string)n.Element["ports"]![0]!).ToList();
        hostPorts.ShouldBeUnique();
        hostPorts.ShouldAllBe(p => p.StartsWith("127.0.0.1:", StringComparison.Ordinal) && p.EndsWith(":7080", StringComparison.Ordinal));
        foreach (var (name, element) in Nodes)
        {
            ((string?)element["environment"]!["LATECOMER_NAME"]).ShouldBe(name);
            ((string?)element["environment"]!["LATECOMER_ADVERTISE"]).ShouldBe($"http://{name}:7080");
            ((string?)element["user"]).ShouldBe("185:185");
            ((bool?)element["read_only"]).ShouldBe(true);
            element["cap_drop"]!.AsArray().Select(c => (string)c!).ShouldBe(["ALL"]);
            element["security_opt"]!.AsArray().Select(c => (string)c!).ShouldBe(["no-new-privileges:true"]);
        }
    }

    [Fact]
    public async Task Settings_are_those_that_the_program_has_and_none_is_a_secret()
    {
        var known = Variable().Matches((await Cli.Run("node", "--help")).Succeeded().Output).Select(m => m.Value).ToList();
        foreach (var (name, element) in Nodes)
        {
            element["environment"]!.AsObject().Select(e => e.Key).ShouldBeSubsetOf(known, name);
        }

        Services.SelectMany(s => s.Element["environment"]!.AsObject())
            .ShouldAllBe(e => !((string)e.Value!).Contains("Password=", StringComparison.OrdinalIgnoreCase) && (!e.Key.Contains("PASSWORD") || e.Key.EndsWith("_FILE")));
        File.ReadAllLines(BuiltProgram.FileOfCheckout(".gitignore")).ShouldContain("/docker/secrets/");
        Compose["secrets"]!.AsObject().ShouldAllBe(s => ((string)s.Value!["file"]!).StartsWith("secrets/"));
    }

    [Fact]
    public async Task Health_is_asked_by_a_command_that_the_image_has()
    {
        Nodes.ShouldAllBe(n => n.Element["healthcheck"]!["test"]!.ToJsonString() == "[\"CMD\",\"latecomer\",\"health\"]");
        (await Cli.Run("health", "--server", "http://127.0.0.1:9")).Refused(3, "No node answers");
    }

    [GeneratedRegex("LATECOMER_[A-Z_]+")]
    private static partial Regex Variable();
}

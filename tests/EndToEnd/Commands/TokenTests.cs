using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>A node that asks for tokens, and the command line: without one, with a wrong one, with one that may not, and with those that may.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const string Wrong = "lct_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    public async Task InitializeAsync() => _node = await NodeProcess.Alone(_folder.Path, "--tokens", "required");

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_has_no_good_token_is_told_how_to_give_one_and_health_needs_none()
    {
        (await _node.Cli("pipelines", "list")).Refused(Failed, "asks for a token", "LATECOMER_TOKEN", "--token-file");
        (await By(Wrong, "pipelines", "list")).Refused(Failed, "asks for a token");
        (await _node.Cli("pipelines", "list", "--token-file", Path.Combine(_folder.Path, "none"))).Refused(Usage, "--token-file", "cannot be read");
        var played = await ConsoleScript.Play(_node, ["health", "cluster show", "runs watch"]);
        played.Lines.ShouldBe(["ready"], played.Story);
        played.Refused("cluster show", Failed, "asks for a token");
        played.Refused("runs watch", Failed, "asks for a token");
    }

    [Fact]
    public async Task Tokens_are_made_may_what_their_roles_may_and_are_revoked_and_the_audit_has_it_all()
    {
        var made = await _node.Cli("tokens", "create", "eve", "--role", "viewer", "--token-file", AdminFile);
        var eve = made.Succeeded().Output.Trim();
        eve.ShouldStartWith("lct_");
        made.Errors.ShouldNotContain(eve);
        (await By(eve, "pipelines", "list", "-o", "plain")).Succeeded().Output.ShouldBe("");
        (await By(eve, "pipelines", "pause", "orders")).Refused(Failed, "Pipelines/Pause is for the role operator, and the token of eve has viewer.");
        (await Cli.Run(new Surroundings { Input = $"{eve}\n" }, "tokens", "list", "--token-file", "-", "--server", _node.Server)).Refused(Failed, "is for the role admin");

        var id = (await Admin("tokens list -o plain")).Succeeded().Select(l => l.Split('\t')).Single(t => t[1] == "eve")[0];
        var played = await Admin(
            "tokens create otto --role operator --expires 90d",
            "tokens create otto --role emperor",
            "tokens create 'two words' --role viewer",
            "tokens create brief --role viewer --expires soon",
            $"tokens revoke {id}",
            $"tokens revoke {id} --yes -o json",
            $"tokens revoke {id} --yes",
            "pipelines pause orders",
            "tokens list -o plain");
        played.Lines[0].ShouldStartWith("lct_", Case.Sensitive, played.Story);
        played.Lines.Where(l => l.Contains('\t')).Select(l => l.Split('\t')[1..3]).ShouldBe([["first-admin", "admin"], ["otto", "operator"]], ignoreOrder: true, played.Story);
        played.Refused("tokens create otto --role emperor", Usage, "emperor");
        played.Refused("tokens create 'two words' --role viewer", Usage, "two words");
        played.Refused("tokens create brief --role viewer --expires soon", Usage, "--expires");
        played.Refused($"tokens revoke {id}", Usage, "--yes");
        played.Refused($"tokens revoke {id} --yes", Failed, "There is no token");
        played.Refused("pipelines pause orders", Failed, "There is no pipeline orders.");
        (await By(eve, "pipelines", "list")).Refused(Failed, "asks for a token");

        var audit = (await Admin("cluster audit --limit 1000 -o plain")).Succeeded().Select(l => l.Split('\t')).Select(r => $"{r[1]} {r[3]} {r[5]}").ToList();
        audit.ShouldContain("first-admin Tokens/Create Ok");
        audit.ShouldContain("first-admin Tokens/Revoke Ok");
        audit.ShouldContain("first-admin Pipelines/Pause NotFound: There is no pipeline orders.");
        audit.ShouldContain("eve Pipelines/Pause PermissionDenied: Pipelines/Pause is for the role operator, and the token of eve has viewer.");
        audit.ShouldContain(r => r.StartsWith("nobody Pipelines/List Unauthenticated: ", StringComparison.Ordinal));
        string.Join('\n', audit).ShouldNotContain("lct_");
        _node.Process.Story().ShouldNotContain("lct_");
    }

    [Fact]
    public async Task A_context_keeps_a_token_and_a_session_is_known_by_it()
    {
        var surroundings = new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_CLIENT_CONFIG"] = Path.Combine(_folder.Path, "client.yaml") } };
        (await Cli.Run(surroundings, "context", "set", "here", "--server", _node.Server, "--token-file", AdminFile)).Succeeded();
        var listed = (await Cli.Run(surroundings, "tokens", "list", "-o", "plain", "--context", "here")).Succeeded();
        listed.Output.Split('\t')[1].ShouldBe("first-admin");
        (await Cli.Run(surroundings with { Input = "tokens list -o plain\n" }, "console", "--context", "here")).Succeeded().Output.ShouldBe(listed.Output);
    }

    [Fact]
    public async Task Where_others_can_call_tokens_cannot_be_turned_off()
    {
        using var folder = new TemporaryFolder();
        (await Cli.Run("node", "--data", folder.Path, "--listen", "http://0.0.0.0:0", "--tokens", "off")).Refused(Usage, "tokens");
    }

    private string AdminFile => Path.Combine(_folder.Path, "state", "admin.token");

    private Task<ConsoleScript> Admin(params string[] commands) => ConsoleScript.Play(_node, commands, "--token-file", AdminFile);

    private Task<CommandResult> By(string token, params string[] arguments) => Cli.Run(
        new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_TOKEN"] = token } }, [.. arguments, "--server", _node.Server]);
}

using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Tls;

namespace Latecomer.Tests.EndToEnd;

/// <summary>Commands and curl against nodes with certificates.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Listening = "listening on ";
    private const int Usage = 2;
    private const int Unreachable = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _ours;
    private readonly TestAuthority _other;

    public TlsTests()
    {
        _ours = new TestAuthority(_folder.Path, "ours");
        _other = new TestAuthority(_folder.Path, "other");
    }

    public void Dispose()
    {
        _ours.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_command_trusts_the_authority_that_it_is_told_and_says_what_is_wrong_with_others()
    {
        await using var node = Node(_ours.ForNode("node"));
        var server = await Address(node);
        (await List(server, "--ca", _ours.File)).Succeeded();
        var told = new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_CA"] = _ours.File } };
        (await Cli.Run(told, "health", "--server", server.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))).Succeeded();
        (await List(server)).Refused(Unreachable, server, "signed by an authority that is not trusted (CN=ours issuer)", "--ca FILE");
        (await List(server, "--ca", _other.File)).Refused(Unreachable, "signed by an authority that is not trusted (CN=ours issuer)", "--ca FILE");
        (await List(server, "--ca", "missing")).Refused(Usage, "--ca: missing cannot be read");
        (await List(server, "--client-key", "key")).Refused(Usage, "--client-key: a key is of no use without its certificate; say --client-certificate too.");
        (await List(server.Replace("https", "http", StringComparison.Ordinal))).Refused(Unreachable, "name it by https:// with --server");
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_not_taken()
    {
        await using var node = Node(_ours.ForHost("other.example"));
        (await List(await Address(node), "--ca", _ours.File)).Refused(Unreachable, "it is for other.example, not for 127.0.0.1", "--server");
    }

    [Fact]
    public async Task A_node_without_a_certificate_does_not_speak_tls()
    {
        await using var node = await NodeProcess.Start(Path.Combine(_folder.Path, "data"));
        (await List(node.Server.Replace("http", "https", StringComparison.Ordinal))).Refused(Unreachable, "does not speak TLS", "name it by http:// with --server");
    }

    [Fact]
    public async Task A_node_that_asks_for_certificates_is_told_who_the_command_is()
    {
        await using var node = Node(_ours.ForNode("node"), "--tls-client-ca", _ours.File);
        var server = await Address(node);
        var (ann, bob) = (_ours.ForClient("ann"), _other.ForClient("bob"));
        (await List(server, "--ca", _ours.File, "--client-certificate", ann.File, "--client-key", ann.Key)).Succeeded();
        (await List(server, "--ca", _ours.File)).Refused(Unreachable, "--client-certificate FILE and --client-key FILE");
        (await List(server, "--ca", _ours.File, "--client-certificate", bob.File, "--client-key", bob.Key)).Refused(Unreachable, $"it may not take the certificate in {bob.File} (--client-certificate)");
    }

    [CurlTheory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_says_by_alpn_which_http_it_speaks(string flag, string version)
    {
        await using var node = Node(_ours.ForNode("node"), "--tls-client-ca", _ours.File);
        var address = $"{await Address(node)}/latecomer.v1.Pipelines/List";
        var ann = _ours.ForClient("ann");
        string[] call = ["--silent", "--show-error", flag, "--cacert", _ours.File, "--header", "content-type: application/json", "--data", "{}", "--write-out", " %{http_code} %{http_version}", address];
        var answered = (await Cli.RunProgram("curl", new Surroundings(), ["--cert", ann.File, "--key", ann.Key, .. call])).Succeeded();
        answered.Output.ShouldEndWith($" 200 {version}");
        (await Cli.RunProgram("curl", new Surroundings(), call)).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_node_does_not_start_with_files_that_are_wrong()
    {
        var (node, other) = (_ours.ForNode("node"), _ours.ForNode("b"));
        await using var process = Node(node with { Key = other.Key });
        (await process.Exit()).ShouldBe(Usage, process.Story());
        process.Errors.Text.ShouldContain($"latecomer: --tls-key: {other.Key} does not hold the key of the first certificate in {node.File} (--tls-certificate).");
        Directory.Exists(Path.Combine(_folder.Path, "data")).ShouldBeFalse("nothing was changed");
    }

    private static Task<CommandResult> List(string server, params string[] arguments) => Cli.Run(["pipelines", "list", "--server", server, .. arguments]);

    private static async Task<string> Address(ProgramProcess node)
    {
        var line = await node.Line("its address", l => l.StartsWith(Listening, StringComparison.Ordinal));
        return line[Listening.Length..].Trim();
    }

    private ProgramProcess Node(TestCertificate certificate, params string[] arguments) => ProgramProcess.Latecomer(
        ["node", "--data", Path.Combine(_folder.Path, "data"), "--listen", "https://127.0.0.1:0", "--tls-certificate", certificate.File, "--tls-key", certificate.Key, .. arguments]);
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>Contexts: which node a command asks, and what it tells it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ContextTests : IDisposable
{
    private const int Usage = 2;
    private const int Unreachable = 3;

    private readonly TemporaryFolder _folder = new();

    private string ConfigurationFile => Path.Combine(_folder.Path, "config", "latecomer", "config.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Contexts_are_made_chosen_changed_and_forgotten()
    {
        (await Latecomer([], "context", "list")).Succeeded().Output.Split('\n').Length.ShouldBe(1, "only the header");
        (await Latecomer([], "context", "set", "there", "--server", "http://there.example:7080")).Succeeded();
        (await Latecomer([], "context", "set", "here", "--server", "http://127.0.0.1:1", "--token-file", "-")).Refused(Usage, "there is no token");
        (await Told("secret-of-here\n", "context", "set", "here", "--server", "http://127.0.0.1:1", "--token-file", "-", "--ca", "ca.pem")).Succeeded();
        (await Latecomer([], "context", "list", "-o", "plain")).Succeeded().Output.Split('\n').ShouldBe(
            [$"\there\thttp://127.0.0.1:1\tyes\t{Path.Combine(_folder.Path, "ca.pem")}", "*\tthere\thttp://there.example:7080\t\t"]);

        (await Latecomer([], "context", "use", "here")).Succeeded();
        var shown = (await Latecomer([], "context", "show", "-o", "json")).Succeeded();
        ((string)shown.Json["contexts"]![0]!["name"]!).ShouldBe("here");
        shown.Output.ShouldNotContain("secret-of-here");
        (await Latecomer([], "context", "set", "here", "--server", "http://127.0.0.1:2")).Succeeded();
        (await File.ReadAllTextAsync(ConfigurationFile)).ShouldContain("secret-of-here", Case.Sensitive, "what is not given stays");
        (await Latecomer([], "context", "delete", "here")).Succeeded();
        (await File.ReadAllTextAsync(ConfigurationFile)).ShouldNotContain("secret-of-here");
        (await Latecomer([], "context", "use", "here")).Refused(Usage, "'here'", "choose there");
    }

    [Fact]
    public async Task The_file_is_read_by_its_owner_alone_and_what_is_wrong_in_it_is_told_by_its_place()
    {
        (await Latecomer([], "context", "set", "a", "--server", "http://127.0.0.1:1")).Succeeded();
        File.GetUnixFileMode(ConfigurationFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(ConfigurationFile)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        File.SetUnixFileMode(ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await File.WriteAllTextAsync(ConfigurationFile, "current-context: a\ncontexts:\n  a:\n    server: http://127.0.0.1:1\n    token: secret\n");
        (await Latecomer([], "runs", "list", "orders")).Errors.ShouldContain("may be read by others");
        await File.WriteAllTextAsync(ConfigurationFile, "contexts:\n  a:\n    sever: http://127.0.0.1:1\n");
        (await Latecomer([], "runs", "list", "orders")).Refused(Usage, "config.yaml:3:5", "sever");
        await File.WriteAllTextAsync(ConfigurationFile, "contexts:\n  a:\n    server: somewhere\n");
        (await Latecomer([], "runs", "list", "orders")).Refused(Usage, "config.yaml:3:13", "somewhere");
    }

    [Fact]
    public async Task The_flag_counts_before_the_environment_before_the_context()
    {
        (await Latecomer([], "context", "set", "a", "--server", "http://127.0.0.1:1")).Succeeded();
        (await Latecomer([], "context", "set", "b", "--server", "http://127.0.0.1:2")).Succeeded();
        (await Latecomer([], "health")).Refused(Unreachable, "http://127.0.0.1:1/");
        (await Latecomer([("LATECOMER_CONTEXT", "b")], "health")).Refused(Unreachable, "http://127.0.0.1:2/");
        (await Latecomer([("LATECOMER_CONTEXT", "b")], "health", "--context", "a")).Refused(Unreachable, "http://127.0.0.1:1/");
        (await Latecomer([("LATECOMER_SERVER", "http://127.0.0.1:3")], "health", "--context", "a")).Refused(Unreachable, "http://127.0.0.1:3/");
        (await Latecomer([("LATECOMER_SERVER", "http://127.0.0.1:3")], "health", "--server", "http://127.0.0.1:4")).Refused(Unreachable, "http://127.0.0.1:4/");
        (await Latecomer([("LATECOMER_SERVER", "nowhere")], "health")).Refused(Usage, "LATECOMER_SERVER", "nowhere");
        (await Latecomer([], "health", "--context", "c")).Refused(Usage, "'c'", "choose a, b");
    }

    [Fact]
    public async Task A_token_is_told_to_the_server_of_its_context_and_to_no_other()
    {
        var (mine, other) = (new Recorder(), new Recorder());
        await using (mine)
        await using (other)
        {
            (await Told("secret\n", "context", "set", "mine", "--server", mine.Address, "--token-file", "-")).Succeeded();
            await Latecomer([], "runs", "list", "orders");
            (await mine.Authorization).ShouldBe("Bearer secret");
            await Latecomer([], "runs", "list", "orders", "--server", other.Address);
            (await other.Authorization).ShouldBe("");
        }
    }

    private Task<CommandResult> Latecomer((string Name, string Value)[] environment, params string[] arguments) => Run(environment, "", arguments);

    private Task<CommandResult> Told(string input, params string[] arguments) => Run([], input, arguments);

    private Task<CommandResult> Run((string Name, string Value)[] environment, string input, string[] arguments) => Cli.Run(
        new Surroundings
        {
            Folder = _folder.Path,
            Input = input,
            Environment = environment.Append(("XDG_CONFIG_HOME", Path.Combine(_folder.Path, "config"))).ToDictionary(e => e.Item1, e => e.Item2, StringComparer.Ordinal),
        },
        arguments);

    /// <summary>Hears one request, and answers that it is no node.</summary>
    private sealed class Recorder : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task<string> _hearing;

        public Recorder()
        {
            _listener.Start();
            _hearing = Hear();
        }

        public string Address => $"http://{_listener.LocalEndpoint}";

        public Task<string> Authorization => Waiting.Within("a request", _hearing);

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string> Hear()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            var authorization = "";
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                authorization = line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase) ? line["Authorization: ".Length..] : authorization;
            }

            await client.GetStream().WriteAsync("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return authorization;
        }
    }
}

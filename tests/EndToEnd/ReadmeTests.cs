using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Deployment;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The README, typed by a reader from the top to the bottom: a command that stands in it works.</summary>
public sealed partial class ReadmeTests : IAsyncLifetime
{
    private const string Readme = "README.md";
    private const string DefaultServer = "http://127.0.0.1:7080";

    private readonly TemporaryFolder _folder = new();
    private readonly string _text = File.ReadAllText(BuiltProgram.FileOfCheckout(Readme));
    private NodeProcess? _node;
    private NodeProcess? _member;
    private TestDatabase? _database;
    private string _token = "";

    private string Data => Path.Combine(_folder.Path, "data");

    private string Cluster => Path.Combine(_folder.Path, "cluster");

    /// <summary>Whom commands ask: the cluster's node, once there is a token for it.</summary>
    private string Server => (_token.Length > 0 ? _member : _node)?.Server ?? DefaultServer;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in new[] { _node, _member }.OfType<NodeProcess>())
        {
            await node.DisposeAsync();
        }

        await (_database?.Return() ?? Task.CompletedTask);
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_command_works_as_it_stands()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "orders.yaml"), string.Join('\n', Blocks("yaml")));
        await PrepareOrders();
        var commands = Commands().ToList();
        commands.Count.ShouldBeGreaterThan(8);
        foreach (var command in commands)
        {
            await Type(command);
        }

        await _node!.Runs("orders", "two runs that succeeded", runs => runs.Count(r => r.HasSucceeded) >= 2);
        File.ReadAllLines(Path.Combine(Data, "dataset", "processed.txt"))[..2].Order().ShouldBe(["2026-01-01", "2026-01-02"]);
    }

    [Fact]
    public void Every_file_that_is_named_is_there()
    {
        foreach (Match file in FileName().Matches(_text))
        {
            File.Exists(BuiltProgram.FileOfCheckout(file.Groups["file"].Value.Split('/'))).ShouldBeTrue(file.Value);
        }
    }

    /// <summary>A table of three days and a program that processes them, as a reader has them.</summary>
    private async Task PrepareOrders()
    {
        var dataset = Directory.CreateDirectory(Path.Combine(Data, "dataset")).FullName;
        var orders = new SmallTable(Path.Combine(dataset, "orders"), "order_date");
        foreach (var day in new[] { "2026-01-01", "2026-01-02", "2026-01-03" })
        {
            await orders.Append(day);
        }

        var program = Path.Combine(dataset, "process.sh");
        File.WriteAllText(program, "#!/bin/sh\necho \"$1\" >> processed.txt\n");
        (await Cli.RunProgram("chmod", new Surroundings(), "+x", program)).Succeeded();
    }

    private IEnumerable<string> Commands() => Blocks("").Select(line => line.Split(" #")[0].Trim()).Where(line => line.Length > 0).Concat(InlineCommands());

    /// <summary>The lines of all blocks of a language.</summary>
    private List<string> Blocks(string language)
    {
        const string fence = "```";
        string? inside = null;
        var lines = new List<string>();
        foreach (var line in _text.Split('\n'))
        {
            if (line.StartsWith(fence, StringComparison.Ordinal))
            {
                inside = inside is null ? line[fence.Length..] : null;
            }
            else if (inside == language)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>Those of sentences; those of tables are typed by the tests of what the table is about.</summary>
    private IEnumerable<string> InlineCommands() =>
        _text.Split('\n').Where(line => !line.StartsWith('|')).SelectMany(line => InlineCommand().Matches(line)).Select(m => m.Groups["command"].Value);

    private async Task Type(string command)
    {
        switch (command)
        {
            case "./test":
                // It is what runs this.
                (await Cli.RunProgram("test", new Surroundings(), "-x", BuiltProgram.FileOfCheckout("test"))).Succeeded();
                break;
            case "./latecomer node --data DIR &":
                _node = await NodeProcess.Start(Data);
                break;
            case var _ when command.StartsWith("export LATECOMER_STORE=", StringComparison.Ordinal):
                _database = await TestDatabase.Rent();
                break;
            case "./latecomer node --data DIR --name a --listen http://0.0.0.0:7080":
                _member = await NodeProcess.Join(Cluster, _database!.ConnectionString, "a", "--tokens", "required");
                break;
            case "export LATECOMER_TOKEN=$(cat DIR/state/admin.token)":
                await _member!.Ready();
                _token = (await File.ReadAllTextAsync(Path.Combine(Cluster, "state", "admin.token"))).Trim();
                break;
            case var _ when command.StartsWith("curl ", StringComparison.Ordinal) && !CurlTheoryAttribute.IsThere:
                break;
            default:
                await Run(DryRun.Of(command));
                break;
        }
    }

    /// <summary>Runs a line in a shell, with the node's real address for the default one, and fewer seeds and minutes.</summary>
    private async Task Run(string command)
    {
        var file = Directory.EnumerateFiles(Data, "*.parquet", SearchOption.AllDirectories).First();
        var line = command.Replace("./latecomer", $"'{BuiltProgram.Launcher}'").Replace(" DIR/", $" '{Data}'/").Replace(" FILE", $" '{file}'").Replace(DefaultServer, _node?.Server ?? DefaultServer)
            .Replace("tests/Simulation/run --seeds 2000", $"'{BuiltProgram.FileOfCheckout("tests", "Simulation", "run")}' --seeds 2")
            .Replace("tests/Nemesis/run --minutes 10", $"'{BuiltProgram.FileOfCheckout("tests", "Nemesis", "run")}' --seconds 3");
        var surroundings = new Surroundings
        {
            Folder = _folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_SERVER"] = Server, ["LATECOMER_TOKEN"] = _token },
        };
        (await Cli.RunProgram("sh", surroundings, "-c", line)).Succeeded();
    }

    [GeneratedRegex("`(?<command>(\\./|tests/)[^`]* --[^`]*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex InlineCommand();

    [GeneratedRegex("(`|\\]\\()(?<file>(docs|examples|tests|eng)/[\\w./-]+\\.\\w+)(`|\\))", RegexOptions.ExplicitCapture)]
    private static partial Regex FileName();
}

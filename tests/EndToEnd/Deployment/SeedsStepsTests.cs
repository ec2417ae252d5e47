using System.Globalization;
using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>The seed's steps, by the README's table: ours are typed in its order against a node, those for an engine or a cluster as far as they go without one.</summary>
public sealed partial class SeedsStepsTests : IAsyncLifetime
{
    private const string Apply = "./latecomer pipelines apply";
    private const string Clear = "./latecomer runs clear";
    private const string Token = "export LATECOMER_TOKEN=";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _typed = [];
    private NodeProcess _node = null!;
    private string _token = "";

    private string Data => Path.Combine(_folder.Path, "data");

    public async Task InitializeAsync() => _node = await NodeProcess.Alone(Data, "--tokens", "required");

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_command_of_the_table_works_in_its_order()
    {
        foreach (var command in Commands())
        {
            await (command.StartsWith(Token, StringComparison.Ordinal) ? TakeToken(command) : Type(command));
            if (command.StartsWith(Apply, StringComparison.Ordinal))
            {
                await _node.Runs("devices_loader", "five runs that succeeded", runs => runs.Count(r => r.HasSucceeded) == 5);
            }
            else if (command.StartsWith(Clear, StringComparison.Ordinal))
            {
                await _node.Runs("devices_loader", "a backfill, and all runs succeeded", runs => runs.Count == 6 && runs.All(r => r.HasSucceeded));
            }
        }

        var file = Path.Combine(Data, "dataset", "backfilling_configuration_2024-01-03.json");
        File.ReadAllText(file).Trim().ShouldBe("{\"partitions\":[\"event_time=2024-01-02\"]}");
        File.ReadAllText(BuiltProgram.FileOfCheckout("README.md")).ShouldContain(File.ReadAllText(file).Trim());
        _typed.Count(c => c.Contains("devices load", StringComparison.Ordinal)).ShouldBe(9);
        foreach (var word in new[] { "docker build", "minikube mount", "kubectl create secret", "kubectl apply -k", "cat ", Token })
        {
            _typed.ShouldContain(c => c.StartsWith(word, StringComparison.Ordinal));
        }
    }

    /// <summary>The commands of the table's last column, row by row; "and so on to" a date stands for the days until then.</summary>
    private static IEnumerable<string> Commands()
    {
        var rows = File.ReadLines(BuiltProgram.FileOfCheckout("README.md")).SkipWhile(l => l != "| step | the seed | here |").Skip(2).TakeWhile(l => l.StartsWith('|')).ToList();
        rows.Count.ShouldBe(19);
        foreach (var cell in rows.Select(r => r.TrimEnd('|').Split(" | ")[^1]))
        {
            var codes = Code().Matches(cell).Select(m => m.Groups["code"].Value).ToList();
            foreach (var code in codes.Where(c => Command().IsMatch(c)))
            {
                yield return code;
            }

            if (cell.Contains("and so on to", StringComparison.Ordinal))
            {
                var last = Date(codes[1]);
                for (var day = Date(codes[0].Split(' ')[^1]).AddDays(1); day <= last; day = day.AddDays(1))
                {
                    yield return codes[0].Replace(codes[0].Split(' ')[^1], day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal);
                }
            }
        }
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What kubectl would read in a node's container is at hand here.</summary>
    private async Task TakeToken(string command)
    {
        _typed.Add(command);
        var line = command.Replace("kubectl exec latecomer-0 -- cat /data/", $"cat '{Data}'/", StringComparison.Ordinal);
        _token = (await Cli.RunProgram("sh", new Surroundings(), "-c", $"{line} && echo \"$LATECOMER_TOKEN\"")).Succeeded().Output.Trim();
        _node.Api.Token = _token;
    }

    private async Task Type(string command)
    {
        _typed.Add(command);
        var line = DryRun.Of(command).Replace("./latecomer", $"'{BuiltProgram.Dotnet}' '{BuiltProgram.Assembly}'", StringComparison.Ordinal).Replace("DIR/", $"'{Data}'/", StringComparison.Ordinal);
        var surroundings = new Surroundings
        {
            Folder = BuiltProgram.FileOfCheckout(),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_SERVER"] = _node.Server, ["PASSWORD"] = "secret", ["LATECOMER_TOKEN"] = _token },
        };
        (await Cli.RunProgram("sh", surroundings, "-c", line)).Succeeded();
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex("^(\\./latecomer|docker|minikube|kubectl|cat|PASSWORD=|export)( |$|\\S)", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}

using System.Text.RegularExpressions;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>Many commands in one process: each costs a second less. They are played by the console from a pipe, to the last, and each has its exit code.</summary>
internal sealed partial record ConsoleScript(IReadOnlyList<string> Lines, IReadOnlyDictionary<string, (int Code, string Sentence)> Refusals, string Story)
{
    /// <summary>Plays commands against a node; which of them may fail is for the caller to say.</summary>
    public static async Task<ConsoleScript> Play(NodeProcess node, IReadOnlyList<string> commands, params string[] arguments)
    {
        var result = await Cli.Run(new Surroundings { Input = string.Join('\n', commands) }, ["console", "--keep-going", "--server", node.Server, .. arguments]);
        var story = $"{string.Join('\n', commands)}\n--- stdout\n{result.Output}\n--- stderr\n{result.Errors}";
        var refusals = new Dictionary<string, (int Code, string Sentence)>(StringComparer.Ordinal);
        var before = "";
        foreach (var line in result.Errors.Split('\n'))
        {
            if (Failure().Match(line) is { Success: true } failed)
            {
                refusals.Add(failed.Groups["command"].Value, (int.Parse(failed.Groups["code"].Value), before));
            }

            before = line;
        }

        result.ExitCode.ShouldBe(refusals.Values.Select(r => r.Code).FirstOrDefault(), story);
        return new ConsoleScript(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), refusals, story);
    }

    /// <summary>What came on stdout, line by line, if nothing was refused.</summary>
    public IReadOnlyList<string> Succeeded()
    {
        Refusals.ShouldBeEmpty(Story);
        return Lines;
    }

    /// <summary>Holds that a command was refused so.</summary>
    public void Refused(string command, int code, params string[] words)
    {
        Refusals.TryGetValue(command, out var refusal).ShouldBeTrue(Story);
        refusal.Code.ShouldBe(code, Story);
        refusal.Sentence.ShouldStartWith("latecomer: ", Case.Sensitive, Story);
        words.ToList().ForEach(word => refusal.Sentence.ShouldContain(word, Case.Sensitive, Story));
    }

    [GeneratedRegex(@"^latecomer: line \d+ ended with exit code (?<code>\d+): (?<command>.*)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failure();
}

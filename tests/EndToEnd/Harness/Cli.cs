using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>What a command that has ended left behind.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Stdout as JSON.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    /// <summary>The result of a command that must have succeeded.</summary>
    public CommandResult Succeeded()
    {
        ExitCode.ShouldBe(0, $"{Command}\n--- stdout\n{Output}\n--- stderr\n{Errors}");
        return this;
    }

    /// <summary>The one sentence of a command that must have been refused: one line on stderr with these words, nothing on stdout, no stack trace.</summary>
    public string Refused(int exitCode, params string[] words)
    {
        var story = $"{Command}\n--- stdout\n{Output}\n--- stderr\n{Errors}";
        ExitCode.ShouldBe(exitCode, story);
        Output.ShouldBe("", story);
        var lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var sentence = lines.ShouldHaveSingleItem(story);
        sentence.ShouldStartWith("latecomer: ", Case.Sensitive, story);
        foreach (var word in words)
        {
            sentence.ShouldContain(word, Case.Sensitive, story);
        }

        sentence.ShouldNotContain("Exception", Case.Sensitive, story);
        return sentence;
    }
}

/// <summary>Runs commands of the program to their end.</summary>
internal static class Cli
{
    /// <summary>Runs <c>latecomer ARGUMENTS</c>.</summary>
    public static Task<CommandResult> Run(params string[] arguments) => Run(new Surroundings(), arguments);

    /// <summary>Runs <c>latecomer ARGUMENTS</c> somewhere.</summary>
    public static async Task<CommandResult> Run(Surroundings surroundings, params string[] arguments)
    {
        await using var process = ProgramProcess.Latecomer(arguments, surroundings);
        return await End(process);
    }

    /// <summary>Runs any program.</summary>
    public static async Task<CommandResult> RunProgram(string program, Surroundings surroundings, params string[] arguments)
    {
        await using var process = ProgramProcess.Start(program, arguments, surroundings);
        return await End(process);
    }

    private static async Task<CommandResult> End(ProgramProcess process)
    {
        var code = await process.Exit();
        return new CommandResult(process.ToString(), code, process.Output.Text, process.Errors.Text);
    }
}

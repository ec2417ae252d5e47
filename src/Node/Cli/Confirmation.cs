using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary>A question before what cannot be taken back. It is asked on a terminal; where nobody can be asked, <c>--yes</c> has to be there.</summary>
internal sealed class Confirmation
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does it without a question; must be given where there is no terminal to ask on." };

    /// <summary>Adds its option to a command.</summary>
    public Command On(Command command)
    {
        command.Options.Add(_yes);
        return command;
    }

    /// <summary>Returns once it is agreed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="question">Finds the question, such as by a dry run; only where somebody is asked.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <exception cref="Refusal">It is not agreed, or nobody can be asked: then nothing was tried.</exception>
    public async Task Ask(ParseResult parsed, Func<Task<string>> question, CancellationToken cancellation)
    {
        if (parsed.GetValue(_yes))
        {
            return;
        }

        if (!Terminals.HasPerson)
        {
            throw new Refusal(ExitCode.Usage, "This cannot be taken back, and there is no terminal to ask on: add --yes if it is meant.");
        }

        await Console.Error.WriteAsync($"{await question()} [y/N] ");
        var answer = await Task.Run(Console.ReadLine, cancellation).WaitAsync(cancellation);
        if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new Refusal(ExitCode.Failed, "Nothing was done.");
        }
    }
}

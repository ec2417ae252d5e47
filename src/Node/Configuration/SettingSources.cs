using System.CommandLine;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Configuration;

/// <summary>Where settings come from: flags before the environment. An empty variable counts as none.</summary>
internal sealed class SettingSources(ParseResult flags, Func<string, string?> environment)
{
    /// <summary>What <paramref name="read"/> makes of a setting; <paramref name="otherwise"/> if nobody gave it.</summary>
    /// <exception cref="Refusal">It is nothing that <paramref name="read"/> takes; the sentence says who gave it.</exception>
    public T Get<T>(Setting setting, Func<string, T> read, T otherwise)
    {
        if (flags.GetValue(setting.Option) is { } flag)
        {
            return Read(setting.Option.Name, flag, read);
        }

        return environment(setting.Variable) is { Length: > 0 } variable ? Read(setting.Variable, variable, read) : otherwise;
    }

    private static T Read<T>(string source, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (FormatException e)
        {
            throw new Refusal(ExitCode.Usage, $"{source}: {e.Message}", e);
        }
    }
}

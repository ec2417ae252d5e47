using System.CommandLine;
using Latecomer.Node.Cli;
using Latecomer.Node.Pipelines;

namespace Latecomer.Node.Configuration;

/// <summary>Where settings come from: flags before the environment before a file. An empty variable counts as none.</summary>
/// <param name="flags">What the command line says.</param>
/// <param name="environment">The environment.</param>
/// <param name="file">The configuration file; null if there is none.</param>
internal sealed class SettingSources(ParseResult flags, Func<string, string?> environment, YamlSection? file)
{
    /// <summary>What <paramref name="read"/> makes of a setting; <paramref name="otherwise"/> if nobody gave it.</summary>
    /// <exception cref="Refusal">It is nothing that <paramref name="read"/> takes; the sentence says who gave it.</exception>
    public T Get<T>(Setting setting, Func<string, T> read, T otherwise)
    {
        if (flags.GetValue(setting.Option) is { } flag)
        {
            return Read(setting.Option.Name, flag, read);
        }

        return environment(setting.Variable) is { Length: > 0 } variable ? Read(setting.Variable, variable, read)
            : file is null ? otherwise
            : file.Text(setting.Name, read, otherwise);
    }

    /// <summary>A refusal that names where a setting was given.</summary>
    public Refusal Wrong(Setting setting, string sentence) =>
        flags.GetValue(setting.Option) is not null ? new Refusal(ExitCode.Usage, $"{setting.Option.Name}: {sentence}")
        : environment(setting.Variable) is { Length: > 0 } ? new Refusal(ExitCode.Usage, $"{setting.Variable}: {sentence}")
        : file?.Has(setting.Name) == true ? file.At(setting.Name, $"'{setting.Name}': {sentence}")
        : new Refusal(ExitCode.Usage, $"{setting.Option.Name}: {sentence}");

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

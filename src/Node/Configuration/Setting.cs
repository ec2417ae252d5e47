using System.CommandLine;

namespace Latecomer.Node.Configuration;

/// <summary>Something that a node is told: by a flag, an environment variable, or a key of a file.</summary>
internal sealed class Setting
{
    /// <summary>Names a setting; <paramref name="description"/> says what it is when it is not given.</summary>
    public Setting(string name, string shown, string description)
    {
        Name = name;
        Option = new Option<string?>($"--{name}") { Description = $"{description} [{Variable}]", HelpName = shown };
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The environment variable.</summary>
    public string Variable => $"LATECOMER_{Name.ToUpperInvariant().Replace('-', '_')}";

    /// <summary>The flag.</summary>
    public Option<string?> Option { get; }
}

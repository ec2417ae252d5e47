using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary>The ids by which mutating calls are applied once.</summary>
internal static class RequestIds
{
    /// <summary>The option.</summary>
    public static Option<string?> Option() => new("--request-id")
    {
        Description = "Repeat a command under its first id, and it is applied once; made up when not given.",
        HelpName = "id",
    };

    /// <summary>The given id, or a new one.</summary>
    public static string Of(string? given) => given is { Length: > 0 } ? given : $"cli-{Guid.NewGuid():N}";
}

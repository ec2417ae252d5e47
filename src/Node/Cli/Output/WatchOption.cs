using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary><c>--watch</c> of lists, as kubectl has it.</summary>
internal static class WatchOption
{
    /// <summary>The option.</summary>
    public static Option<bool> Create() => new("--watch", "-w") { Description = "Goes on with what changes, row by row, until interrupted." };
}

using Latecomer.Contracts;

namespace Latecomer.Activities;

/// <summary>What is wrong with a command before it was ever run.</summary>
internal static class CommandCheck
{
    private const string SearchPath = "PATH";

    /// <summary>A sentence for people; null if nothing is.</summary>
    internal static string? Fault(PipelineDefinition definition, Work.Command command, DatasetFolder dataset)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Commands run on Linux only: use a built-in work here.";
        }

        foreach (var (name, _) in command.Environment)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            {
                return $"'{name}' is no name for an environment variable.";
            }
        }

        var texts = command.Arguments.Concat(command.Environment.Values);
        if (texts.Select(text => CommandTemplate.Fault(text, definition)).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            return wrong;
        }

        if (ProgramOf(command, dataset) is null)
        {
            return NotFound(command, dataset);
        }

        return CommandWrapper.Needs.FirstOrDefault(tool => ExecutableSearch.Find(tool, dataset.Path) is null) is { } missing
            ? $"Commands are run by means of '{missing}', which is not on the node's PATH: install it (util-linux and coreutils have what is needed)."
            : null;
    }

    /// <summary>Where a command's program lies; null if it is not there.</summary>
    internal static string? ProgramOf(Work.Command command, DatasetFolder dataset) =>
        ExecutableSearch.Find(command.Program, dataset.Path, command.Environment.GetValueOrDefault(SearchPath));

    /// <summary>What to tell people then.</summary>
    internal static string NotFound(Work.Command command, DatasetFolder dataset) => command.Program.Contains('/', StringComparison.Ordinal)
        ? $"The program {Path.GetFullPath(command.Program, dataset.Path)} does not exist or is not executable."
        : $"The program '{command.Program}' is not on the node's PATH, or is not executable: install it, or name it by its path.";
}

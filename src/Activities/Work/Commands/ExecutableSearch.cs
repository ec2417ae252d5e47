namespace Latecomer.Activities;

/// <summary>Finds programs as a shell does: by path, or by name in the folders of <c>PATH</c>.</summary>
internal static class ExecutableSearch
{
    /// <summary>The path of a program that may be executed; null if there is none.</summary>
    /// <param name="program">A name, or a path, which is relative to <paramref name="workingFolder"/> if it is not absolute.</param>
    /// <param name="workingFolder">Where the program is started.</param>
    /// <param name="path">The folders to search; null for those of this process.</param>
    internal static string? Find(string program, string workingFolder, string? path = null)
    {
        if (program.Length == 0 || program.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (program.Contains('/', StringComparison.Ordinal))
        {
            var file = Path.GetFullPath(program, workingFolder);
            return Permissions.MayExecute(file) ? file : null;
        }

        var folders = (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(Path.GetFullPath(folder.Length == 0 ? "." : folder, workingFolder), program)).FirstOrDefault(Permissions.MayExecute);
    }
}

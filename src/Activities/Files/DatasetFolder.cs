using Latecomer.Contracts;

namespace Latecomer.Activities;

/// <summary>The folder that holds tables and configuration files. Guarantees that no name given by a user leads out of it; links that lie in it are
/// followed, for whoever may put them there may write there too.</summary>
public sealed class DatasetFolder
{
    /// <summary>The folder at a path.</summary>
    public DatasetFolder(string path) => Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>Where a table lies.</summary>
    public string FolderOf(TablePath table) => System.IO.Path.Combine(Path, table.Value);

    /// <summary>Where a folder lies whose name is relative to this one; <c>.</c> is this one itself. Null if that leads out.</summary>
    public string? TryFolderOf(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || System.IO.Path.IsPathRooted(name))
        {
            return null;
        }

        var folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(name, Path));
        return folder == Path || folder.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? folder : null;
    }
}

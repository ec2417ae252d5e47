using System.Security.Cryptography;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>Everything below a folder, to tell whether anything changed: names, contents, and what is a folder.</summary>
internal static class FolderContent
{
    /// <summary>A line for each entry, in order; none if the folder does not exist.</summary>
    public static IReadOnlyList<string> Of(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {(File.Exists(path) ? Digest(path) : "folder")}"),
    ];

    private static string Digest(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}

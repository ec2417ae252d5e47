using Latecomer.DeltaLog;

namespace Latecomer.Node.LocalCluster;

/// <summary>Files that nobody but their owner may read.</summary>
internal static class SecretFile
{
    /// <summary>Writes a file: on the disk when this returns, whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = $"{path}.new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        DurableFiles.SyncFolder(Path.GetDirectoryName(path)!);
    }
}

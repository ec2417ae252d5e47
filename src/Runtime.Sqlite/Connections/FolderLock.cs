using System.Globalization;

namespace Latecomer.Runtime.Sqlite;

/// <summary>Keeps a store to one process: opening it declares every earlier life dead, which is true only if nobody else has it open.
/// Held until it is disposed or the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="StoreRefusedException">Another process holds it.</exception>
    public static FolderLock Take(string path, int processId)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            throw new StoreRefusedException($"The store in {Path.GetDirectoryName(path)} is in use by another process{Holder(path)}: stop that one, or name another folder.", e);
        }

        // Beside the lock, because a locked file cannot be read by others.
        File.WriteAllText(HolderOf(path), processId.ToString(CultureInfo.InvariantCulture));
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string HolderOf(string path) => Path.ChangeExtension(path, ".pid");

    private static string Holder(string path) =>
        File.Exists(HolderOf(path)) && int.TryParse(File.ReadAllText(HolderOf(path)), CultureInfo.InvariantCulture, out var id) ? $" (process {id})" : "";
}

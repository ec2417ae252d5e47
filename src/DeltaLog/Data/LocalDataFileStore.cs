using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Data files in a local folder. Absolute paths and <c>file:</c> URIs of the log are followed.</summary>
public sealed class LocalDataFileStore(string table) : IDataFileStore
{
    private readonly string _folder = Path.GetFullPath(table);

    /// <inheritdoc/>
    public ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation = default)
    {
        try
        {
            return ValueTask.FromResult<IRandomAccessSource>(FileSource.Open(PathOf(path)));
        }
        catch (Exception error) when (NamesNoFile(error, path))
        {
            throw new FileNotFoundException(error.Message, path, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask Put(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default)
    {
        var target = PathOf(path);
        var folder = Path.GetDirectoryName(target)!;
        DurableFiles.CreateFolder(folder);
        await using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            try
            {
                await write(file, cancellation);
                file.Flush(flushToDisk: true);
            }
            catch
            {
                File.Delete(target);
                throw;
            }
        }

        DurableFiles.SyncFolder(folder);
    }

    /// <inheritdoc/>
    public ValueTask Delete(string path, CancellationToken cancellation = default)
    {
        File.Delete(PathOf(path));
        return ValueTask.CompletedTask;
    }

    /// <summary>A log may name a folder, or hold what cannot be a name at all.</summary>
    private bool NamesNoFile(Exception error, string path) =>
        error is DirectoryNotFoundException or PathTooLongException or ArgumentException || (error is UnauthorizedAccessException && Directory.Exists(PathOf(path)));

    private string PathOf(string path) => Path.Combine(_folder, LogPath.Identity(path));
}

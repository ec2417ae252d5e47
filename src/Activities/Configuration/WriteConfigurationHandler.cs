using Latecomer.Actors;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Writes a configuration file. Guarantees that readers see the old content or the new one, whole, and that the new one is on the disk at the end.</summary>
internal sealed class WriteConfigurationHandler(DatasetFolder dataset, TimeProvider time, Func<Guid> newId) : ActivityHandler<WriteConfiguration, Done>
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>A temporary file of another configuration file is nobody's any more at this age: writing one takes no time.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    public override string Kind => WriteConfiguration.Kind;

    protected override Task<Done> Run(WriteConfiguration input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The configuration file {input.File} could not be written", () =>
        {
            var folder = dataset.TryFolderOf(input.Folder);
            if (folder is null || Path.GetFileName(input.File) != input.File || input.File is "" or "." or "..")
            {
                throw new ActivityFailedException($"The configuration file {input.Folder}/{input.File} would lie outside of the dataset folder {dataset.Path}.");
            }

            Write(folder, input.File, ConfigurationJson.Write(input.Partitions), stop);
            return Task.FromResult(Done.Value);
        });

    private void Write(string folder, string file, byte[] content, CancellationToken stop)
    {
        var target = Path.Combine(folder, file);
        DurableFiles.CreateFolder(folder);
        do
        {
            stop.ThrowIfCancellationRequested();
            RemoveAbandoned(folder, file);
        }
        while (!Holds(target, content) && !TryReplace(target, content));

        // Also when nothing was written: whoever wrote it may have been killed before this.
        DurableFiles.SyncFolder(folder);
    }

    /// <summary>False when an attempt that was thought lost woke up and took the temporary file for one that a crash left.</summary>
    private bool TryReplace(string target, byte[] content)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{newId():N}{TemporarySuffix}");
        try
        {
            DurableFiles.TryCreate(temporary, content);
            File.Move(temporary, target, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static bool Holds(string file, byte[] content) =>
        File.Exists(file) && new FileInfo(file).Length == content.Length && File.ReadAllBytes(file).AsSpan().SequenceEqual(content);

    /// <summary>Removes what killed processes left: all of this file, which one creation at a time writes, and what is old of others.</summary>
    private void RemoveAbandoned(string folder, string file)
    {
        var limit = (time.GetUtcNow() - AbandonedAfter).UtcDateTime;
        foreach (var path in Directory.EnumerateFiles(folder, $".*.json.*{TemporarySuffix}"))
        {
            if (Path.GetFileName(path).StartsWith($".{file}.", StringComparison.Ordinal) || File.GetLastWriteTimeUtc(path) < limit)
            {
                File.Delete(path);
            }
        }
    }
}

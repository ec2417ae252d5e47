using Latecomer.Actors;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Writes a configuration file. Guarantees that readers see the old content or the new one, whole, and that the new one is on the disk at the end.</summary>
internal sealed class WriteConfigurationHandler(DatasetFolder dataset, TimeProvider time, Func<Guid> newId) : ActivityHandler<WriteConfiguration, Done>
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>A temporary file of this age is nobody's any more: writing one takes no time.</summary>
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

            stop.ThrowIfCancellationRequested();
            Write(folder, input.File, ConfigurationJson.Write(input.Partitions));
            return Task.FromResult(Done.Value);
        });

    private void Write(string folder, string file, byte[] content)
    {
        var target = Path.Combine(folder, file);
        DurableFiles.CreateFolder(folder);
        RemoveAbandoned(folder);
        if (!Holds(target, content))
        {
            var temporary = Path.Combine(folder, $".{file}.{newId():N}{TemporarySuffix}");
            try
            {
                DurableFiles.TryCreate(temporary, content);
                File.Move(temporary, target, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        // Also when nothing was written: whoever wrote it may have been killed before this.
        DurableFiles.SyncFolder(folder);
    }

    private static bool Holds(string file, byte[] content) =>
        File.Exists(file) && new FileInfo(file).Length == content.Length && File.ReadAllBytes(file).AsSpan().SequenceEqual(content);

    private void RemoveAbandoned(string folder)
    {
        var limit = (time.GetUtcNow() - AbandonedAfter).UtcDateTime;
        foreach (var path in Directory.EnumerateFiles(folder, $".*.json.*{TemporarySuffix}").Where(path => File.GetLastWriteTimeUtc(path) < limit))
        {
            File.Delete(path);
        }
    }
}

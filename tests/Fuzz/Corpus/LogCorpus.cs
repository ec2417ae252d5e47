using System.Runtime.CompilerServices;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Fuzz;

/// <summary>The logs of the tables made by hand, and of those of other writers where they lie beside the checkout; and of each that allows it one that begins with a
/// checkpoint, of its own or ours.</summary>
internal sealed class LogCorpus
{
    private const long MaxBytes = 400_000;
    private const int MaxFiles = 120;

    private readonly Weighted<(string Name, MemoryLog Log)> logs;
    private readonly Weighted<(string Name, MemoryLog Log)> checkpointed;
    private readonly List<byte[]> commits;
    private readonly ConditionalWeakTable<byte[], ParquetLayout> layouts = [];

    private LogCorpus(List<(string Name, MemoryLog Log)> all)
    {
        logs = new(all, log => log.Log.Bytes);
        checkpointed = new([.. all.SelectMany(log => CheckpointedLogs.Of(log.Name, log.Log))], log => log.Log.Bytes);
        commits = [.. all.SelectMany(log => log.Log.Files).Where(file => LogFiles.IsCommit(file.Key) && file.Value.Length < 20_000).Select(file => file.Value)];
        Checkpoints = [.. checkpointed.Items.SelectMany(log => log.Log.Files).Where(file => LogFiles.IsParquet(file.Key)).Select(file => LayoutOf(file.Value))];
    }

    public IReadOnlyList<(string Name, MemoryLog Log)> Logs => logs.Items;

    public IReadOnlyList<(string Name, MemoryLog Log)> Checkpointed => checkpointed.Items;

    /// <summary>The files of all checkpoints.</summary>
    public IReadOnlyList<ParquetLayout> Checkpoints { get; }

    public static LogCorpus Load() => new(
    [
        .. Tables(HandmadeTables.Folder),
        .. SharedTestData.SkipReason is null ? Tables(Path.Combine(SharedTestData.Root, "delta")) : [],
    ]);

    public (string Name, MemoryLog Log) Pick(SeededRandom random) => logs.Pick(random);

    public (string Name, MemoryLog Log) PickCheckpointed(SeededRandom random) => checkpointed.Pick(random);

    public byte[] PickCommit(SeededRandom random) => random.Pick(commits);

    /// <summary>Where the parts of a Parquet file lie, looked for once.</summary>
    public ParquetLayout LayoutOf(byte[] content) => layouts.GetValue(content, static file => ParquetLayout.Of("checkpoint", file));

    private static IEnumerable<(string Name, MemoryLog Log)> Tables(string folder) => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
        .Select(table => (Path.GetFileName(table), MemoryLog.Of(table)))
        .Where(log => log.Item2.Count is > 0 and <= MaxFiles && log.Item2.Bytes <= MaxBytes);
}

/// <summary>Logs whose beginning is a checkpoint.</summary>
internal static class CheckpointedLogs
{
    /// <summary>A log without the commits that its newest checkpoint stands for; and, where it can be written, one with a checkpoint of ours at its end.</summary>
    public static IEnumerable<(string Name, MemoryLog Log)> Of(string name, MemoryLog log)
    {
        var versions = log.Files.Select(file => LogFile.Parse(file.Key)).OfType<LogFile.Checkpoint>().Select(file => file.Version).ToList();
        if (versions.Count > 0 && Shortened(log, versions.Max()) is var cleaned && IsRead(cleaned))
        {
            yield return (name, cleaned);
        }

        if (TryWrite(log) is { } written)
        {
            yield return ($"{name}, with a checkpoint of ours", written);
        }
    }

    private static MemoryLog Shortened(MemoryLog log, long checkpoint)
    {
        var shortened = log.Copy();
        foreach (var name in log.Files.Select(file => file.Key).Where(name => name == "_last_checkpoint" || VersionOf(name) < checkpoint
            || (VersionOf(name) == checkpoint && LogFiles.IsCommit(name))).ToList())
        {
            shortened.Delete(name);
        }

        return shortened;
    }

    private static long? VersionOf(string name) => LogFile.Parse(name) switch
    {
        LogFile.Commit commit => commit.Version,
        LogFile.Checkpoint checkpoint => checkpoint.Version,
        LogFile.Compaction compaction => compaction.From,
        _ => null,
    };

    private static MemoryLog? TryWrite(MemoryLog log)
    {
        var written = log.Copy();
        try
        {
            var result = new DeltaTable(written, TimeProvider.System, () => new Guid("7d9c2b1e-58a4-4d3b-9f6e-0c1a2b3c4d5e")).WriteCheckpoint().AsTask().GetAwaiter().GetResult();
            return result is CheckpointResult.Written { Version: var version } && Shortened(written, version) is var shortened && IsRead(shortened) ? shortened : null;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    private static bool IsRead(MemoryLog log)
    {
        using var digest = new Digest();
        return Outcome.Of(() =>
        {
            LogReads.Snapshot(log, digest).GetAwaiter().GetResult();
            return digest.Value;
        }) is Outcome.Answer;
    }
}

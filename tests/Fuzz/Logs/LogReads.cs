using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>The ways to read a log, each of them summed up.</summary>
internal static class LogReads
{
    private const int CommitsPerCall = 5;

    /// <summary>Damage may make numbers of rows that are all right but long to read, so only the first are.</summary>
    private const int MostRows = 5_000;

    private const int RowsAsText = 50;

    /// <summary>By how often they are taken: the cheap ones more often.</summary>
    public static IReadOnlyList<Func<MemoryLog, Digest, Task>> All { get; } =
        [Snapshot, Snapshot, Snapshot, Definition, Definition, Follow, Follow, Follow, History, Partitions, FindVersion, Checkpoint, Inspect, Rows];

    /// <summary>Everything that can be said of a log.</summary>
    public static async Task Inspect(MemoryLog log, Digest digest)
    {
        if (await InspectionDocument.Write(log, digest) is { } error)
        {
            throw error;
        }
    }

    /// <summary>The latest state.</summary>
    public static async Task Snapshot(MemoryLog log, Digest digest) => Add(digest, await Table(log).ReadSnapshot());

    /// <summary>The rows of the latest state, partition by partition, without those that are deleted.</summary>
    public static async Task Rows(MemoryLog log, Digest digest)
    {
        var snapshot = await Table(log).ReadSnapshot();
        var reader = new DeltaReader(log);
        using var lines = new JsonLinesWriter(digest);
        var rows = 0;
        foreach (var partition in snapshot.Partitions.Keys.OrderBy(partition => partition.ToString(), StringComparer.Ordinal))
        {
            await foreach (var batch in reader.ReadFiles(snapshot, partition))
            {
                using (batch)
                {
                    await lines.WriteAsync(batch, Math.Min(batch.RowCount, RowsAsText));
                    rows += batch.RowCount;
                }

                if (rows > MostRows)
                {
                    return;
                }
            }
        }
    }

    private static void Add(Digest digest, Snapshot snapshot)
    {
        digest.Add(snapshot.Version);
        digest.Add(snapshot.Metadata.Id);
        digest.Add(snapshot.Metadata.SchemaString);
        foreach (var line in snapshot.Files.Select(file => $"{file.Path} {file.DeletionVector?.UniqueId} {file.Size} {file.NumRecords} {file.PartitionValues}").Order(StringComparer.Ordinal))
        {
            digest.Add(line);
        }

        foreach (var (application, transaction) in snapshot.Transactions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // When it was committed is what a checkpoint does not tell.
            digest.Add($"{application} {transaction.Version} {transaction.LastUpdated}");
        }

        foreach (var (domain, configuration) in snapshot.Domains.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            digest.Add($"{domain} {configuration}");
        }
    }

    private static async Task Definition(MemoryLog log, Digest digest) => digest.Add((await LogDefinition.Read(log)).Version);

    private static async Task Follow(MemoryLog log, Digest digest)
    {
        var follower = new LogFollower(log);
        var at = await follower.FindOldest();
        while (await follower.ReadAfter(at, CommitsPerCall) is FollowResult.Commits { Changes: { Count: > 0 } changes })
        {
            at = changes[^1].Position;
        }

        digest.Add(at.Version);
    }

    private static async Task History(MemoryLog log, Digest digest) => digest.Add((await Table(log).ReadHistory()).FromCommit ?? -1);

    private static async Task Partitions(MemoryLog log, Digest digest) => PartitionsDocument.Write(await Table(log).ReadPartitions(), digest);

    private static async Task FindVersion(MemoryLog log, Digest digest) =>
        digest.Add(await Table(log).FindVersion(new DateTimeOffset(2026, 1, 1, 0, 2, 30, TimeSpan.Zero)));

    /// <summary>What is read from a checkpoint of ours is what was read without it.</summary>
    private static async Task Checkpoint(MemoryLog log, Digest digest)
    {
        using var before = new Digest();
        await Snapshot(log, before);
        await Table(log).WriteCheckpoint();
        await Snapshot(log, digest);
        if (digest.Value != before.Value)
        {
            throw new InvalidOperationException("a checkpoint changed what is read");
        }
    }

    private static DeltaTable Table(MemoryLog log) => new(log, TimeProvider.System, () => new Guid("7d9c2b1e-58a4-4d3b-9f6e-0c1a2b3c4d5e"));
}

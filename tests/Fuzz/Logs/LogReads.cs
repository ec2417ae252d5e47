using Latecomer.DeltaLog;

namespace Latecomer.Tests.Fuzz;

/// <summary>The ways to read a log, each of them summed up.</summary>
internal static class LogReads
{
    private const int CommitsPerCall = 5;

    /// <summary>By how often they are taken: the cheap ones more often.</summary>
    public static IReadOnlyList<Func<ILogStore, Digest, Task>> All { get; } =
        [Snapshot, Snapshot, Snapshot, Definition, Definition, Follow, Follow, Follow, History, Partitions, FindVersion, Checkpoint, Inspect];

    /// <summary>Everything that can be said of a log.</summary>
    public static async Task Inspect(ILogStore log, Digest digest)
    {
        if (await InspectionDocument.Write(log, digest) is { } error)
        {
            throw error;
        }
    }

    /// <summary>The latest state.</summary>
    public static async Task Snapshot(ILogStore log, Digest digest) => Add(digest, await Table(log).ReadSnapshot());

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

    private static async Task Definition(ILogStore log, Digest digest) => digest.Add((await LogDefinition.Read(log)).Version);

    private static async Task Follow(ILogStore log, Digest digest)
    {
        var follower = new LogFollower(log);
        var at = await follower.FindOldest();
        while (await follower.ReadAfter(at, CommitsPerCall) is FollowResult.Commits { Changes: { Count: > 0 } changes })
        {
            at = changes[^1].Position;
        }

        digest.Add(at.Version);
    }

    private static async Task History(ILogStore log, Digest digest) => digest.Add((await Table(log).ReadHistory()).FromCommit ?? -1);

    private static async Task Partitions(ILogStore log, Digest digest) => PartitionsDocument.Write(await Table(log).ReadPartitions(), digest);

    private static async Task FindVersion(ILogStore log, Digest digest) =>
        digest.Add(await Table(log).FindVersion(new DateTimeOffset(2026, 1, 1, 0, 2, 30, TimeSpan.Zero)));

    /// <summary>What is read from a checkpoint of ours is what was read without it.</summary>
    private static async Task Checkpoint(ILogStore log, Digest digest)
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

    private static DeltaTable Table(ILogStore log) => new(log, TimeProvider.System, () => new Guid("7d9c2b1e-58a4-4d3b-9f6e-0c1a2b3c4d5e"));
}

using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>Another process writes a table, checkpoints it and cleans its log up, while this one reads it.</summary>
public sealed class TableReadWhileWrittenTests : IDisposable
{
    private const long Commits = 1000;
    private const int LargestPage = 40;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_that_is_written_while_it_is_read_shows_every_version_once_and_whole()
    {
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        await using var writer = await WriterProcess.Start(_folder.Path, Commits, liveness.Token);
        using var readers = CancellationTokenSource.CreateLinkedTokenSource(liveness.Token);
        var followed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var snapshots = Task.Run(() => ReadLatest(followed.Task, readers.Token), readers.Token);
        try
        {
            var following = Task.Run(() => Follow(writer, readers.Token), readers.Token);
            await await Task.WhenAny(following, snapshots);
            await following;
            followed.SetResult();
            (await snapshots).ShouldBe(Commits - 1);
        }
        finally
        {
            await readers.CancelAsync();
        }

        (await writer.End(liveness.Token)).ShouldBe((0, ""));
        (await new LogFollower(new LocalLogStore(_folder.Path)).FindOldest(liveness.Token)).Version.ShouldBeGreaterThan(Commits / 2, "the writer cleaned nothing up");
    }

    private async Task Follow(WriterProcess writer, CancellationToken cancellation)
    {
        var random = new Random(20260101);
        var log = new LocalLogStore(_folder.Path);
        var follower = new LogFollower(log, pollInterval: PollInterval);
        var at = LogPosition.Start;
        while (at.Version < Commits - 1)
        {
            var result = await follower.ReadAfter(at, random.Next(1, LargestPage), cancellation);
            var page = result.ShouldBeOfType<FollowResult.Commits>(result.ToString()).Changes;
            if (page.Count == 0)
            {
                await follower.WaitForGrowth(at.Version, cancellation);
                continue;
            }

            for (var i = 0; i < page.Count; i++)
            {
                page[i].Version.ShouldBe(at.Version + 1 + i);
                RequireChanges(page[i]);
            }

            // The writer keeps what it was told last, and so any version since.
            var version = random.NextInt64(Math.Max(0, at.Version), page[^1].Version + 1);
            var snapshot = await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadSnapshot(version, cancellation);
            snapshot.Version.ShouldBe(version);
            RequireFiles(snapshot);
            at = page[^1].Position;
            await writer.Tell(at.Version, cancellation);
        }
    }

    /// <summary>Reads the latest version over and over, anew and by going on from the one before; returns the last one read after the end.</summary>
    private async Task<long> ReadLatest(Task end, CancellationToken cancellation)
    {
        var table = DeltaTable.At(_folder.Path);
        var latest = -1L;
        for (var isLast = false; !isLast;)
        {
            isLast = end.IsCompleted;
            foreach (var reader in (DeltaTable[])[table, DeltaTable.At(_folder.Path)])
            {
                var snapshot = await reader.ReadSnapshot(version: null, cancellation);
                snapshot.Version.ShouldBeGreaterThanOrEqualTo(latest);
                RequireFiles(snapshot);
                latest = snapshot.Version;
            }
        }

        return latest;
    }

    private static void RequireChanges(CommitChanges commit)
    {
        var expected = WrittenTable.ChangesOf(commit.Version);
        commit.UnknownPartition.ShouldBeNull($"version {commit.Version}");
        commit.Partitions.Count.ShouldBe(expected.Count, $"version {commit.Version}");
        foreach (var change in commit.Partitions)
        {
            change.ShouldBe(expected[change.Partition], $"version {commit.Version}");
        }
    }

    private static void RequireFiles(Snapshot snapshot)
    {
        var found = snapshot.Files.Select(file => (file.Path, file.PartitionValues["day"], file.Size, file.NumRecords)).ToHashSet();
        var expected = WrittenTable.FilesAt(snapshot.Version).Select(file => (file.Path, (string?)file.Day, (long?)file.Size, (long?)file.Rows)).ToList();
        snapshot.NumFiles.ShouldBe(expected.Count, $"version {snapshot.Version}");
        found.SetEquals(expected).ShouldBeTrue($"version {snapshot.Version} holds {string.Join(", ", found)}");
    }
}

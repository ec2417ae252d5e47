using System.Text;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Every reader of the log works on a store without folders whose listings come two names at a time, and sees what it sees in a folder.</summary>
public sealed class PagedListingFacts
{
    private const long MaxSharedBytes = 200_000;

    private static readonly string Random3 = Path.Combine(HandmadeTables.Folder, "syn-random-03");

    public static TheoryData<string> Handmade => [.. Tables(HandmadeTables.Folder, long.MaxValue)];

    public static TheoryData<string> Shared => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Tables(Path.Combine(SharedTestData.Root, "delta"), MaxSharedBytes)];

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task A_table_made_by_hand_reads_the_same(string name) => ReadsTheSame(Path.Combine(HandmadeTables.Folder, name));

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task A_table_of_another_writer_reads_the_same(string name) => ReadsTheSame(Path.Combine(SharedTestData.Root, "delta", name));

    [Fact]
    public async Task A_log_that_grows_between_pages_is_read_without_a_gap()
    {
        var log = PagedLogStore.Of(Path.Combine(HandmadeTables.Folder, "syn-random-01"));
        var tail = log.Files.Where(file => string.CompareOrdinal(file.Key, LogFile.CommitName(10)) >= 0).ToList();
        tail.ForEach(file => log.Delete(file.Key));
        log.AfterPage = _ =>
        {
            if (tail.Count > 0)
            {
                log.Replace(tail[0].Key, tail[0].Value);
                tail.RemoveAt(0);
            }
        };
        var snapshot = await Table(log).ReadSnapshot();
        snapshot.Version.ShouldBeInRange(9, 29);
        Paths(snapshot).ShouldBe(Paths(await DeltaTable.At(Path.Combine(HandmadeTables.Folder, "syn-random-01")).ReadSnapshot(snapshot.Version)));
    }

    [Fact]
    public async Task A_log_that_is_cleaned_up_between_pages_is_looked_at_again()
    {
        var log = PagedLogStore.Of(Random3);
        log.Delete("_last_checkpoint");
        var (name, checkpoint) = log.Files.Single(file => file.Key.StartsWith("00000000000000000025.checkpoint", StringComparison.Ordinal));
        log.Files.Where(file => file.Key.Contains("checkpoint", StringComparison.Ordinal)).ToList().ForEach(file => log.Delete(file.Key));
        log.AfterPage = page =>
        {
            if (page == 3)
            {
                log.Replace(name, checkpoint);
                log.Files.Where(file => string.CompareOrdinal(file.Key, LogFile.FirstNameOf(25)) < 0).ToList().ForEach(file => log.Delete(file.Key));
            }
        };
        var snapshot = await Table(log).ReadSnapshot();
        snapshot.Version.ShouldBe(39);
        Paths(snapshot).ShouldBe(Paths(await DeltaTable.At(Random3).ReadSnapshot()));
    }

    /// <summary>A listing goes no further than it is read, and no further back than it is asked.</summary>
    [Fact]
    public async Task Reading_the_latest_version_lists_only_from_its_checkpoint_on()
    {
        var log = PagedLogStore.Of(Random3);
        await Table(log).ReadSnapshot();
        log.Pages.ShouldBeLessThan(12);
    }

    private static IEnumerable<string> Tables(string folder, long maxBytes) => Directory.EnumerateDirectories(folder)
        .Where(table => PagedLogStore.Of(table).Files.Sum(file => (long)file.Value.Length) is > 0 and var bytes && bytes <= maxBytes)
        .Select(table => Path.GetFileName(table)).Order(StringComparer.Ordinal);

    private static async Task ReadsTheSame(string table)
    {
        var (local, paged) = (new LocalLogStore(table), PagedLogStore.Of(table));
        (await Inspected(paged)).ShouldBe(await Inspected(local));
        (await Followed(paged)).ShouldBe(await Followed(local));
        (await Listed(paged)).ShouldBe(await Listed(local));
    }

    /// <summary>Everything that a log says, but for where it lies.</summary>
    private static async Task<string> Inspected(ILogStore log)
    {
        using var document = new MemoryStream();
        await InspectionDocument.Write(log, document);
        return Encoding.UTF8.GetString(document.ToArray()).Replace(log.Location, "<table>", StringComparison.Ordinal)
            .Replace("it has no _delta_log folder", "<no log>", StringComparison.Ordinal);
    }

    private static async Task<List<(long Version, string Fingerprint, int Partitions)>> Followed(ILogStore log)
    {
        var seen = new List<(long Version, string Fingerprint, int Partitions)>();
        var follower = new LogFollower(log);
        try
        {
            var at = await follower.FindOldest();
            while (await follower.ReadAfter(at, limit: 4) is FollowResult.Commits { Changes: { Count: > 0 } changes })
            {
                seen.AddRange(changes.Select(change => (change.Version, change.Position.Fingerprint ?? "", change.Partitions.Count)));
                at = changes[^1].Position;
            }
        }
        catch (DeltaException error)
        {
            seen.Add((-1, $"{error.Class}", 0));
        }

        return seen;
    }

    private static async Task<string> Listed(ILogStore log)
    {
        try
        {
            var listing = await Table(log).ReadPartitions();
            return $"{listing.Snapshot.Version}: {listing.Snapshot.Partitions.Count} partitions";
        }
        catch (DeltaException error)
        {
            return $"{error.Class}";
        }
    }

    private static DeltaTable Table(ILogStore log) => new(log, TimeProvider.System, Guid.NewGuid);

    private static IEnumerable<string> Paths(Snapshot snapshot) =>
        snapshot.Partitions.Keys.SelectMany(snapshot.FilesOf).Select(file => file.Path).Order(StringComparer.Ordinal);
}

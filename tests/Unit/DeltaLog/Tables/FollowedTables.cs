using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>The follower over tables of other writers, against what an independent reader says of their commits.</summary>
public sealed class FollowedTables
{
    private const int PageSize = 3;

    public static TheoryData<string> Shared => ExpectedTable.SharedNames;

    public static TheoryData<string> Handmade => ExpectedTable.HandmadeNames;

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task Following_a_table_of_another_writer_in_small_pages_shows_every_commit_once_and_in_order(string name) =>
        IsFollowed(ExpectedTable.LoadShared(name));

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task Following_a_table_made_by_hand_in_small_pages_shows_every_commit_once_and_in_order(string name) =>
        IsFollowed(ExpectedTable.LoadHandmade(name));

    private static async Task IsFollowed(ExpectedTable expected)
    {
        if (!expected.IsReadable)
        {
            return;
        }

        var log = new LocalLogStore(expected.Table);
        var followed = await Follow(new LogFollower(log));
        var commits = LastRun([.. expected.Root.GetProperty("commits").EnumerateArray()]);
        followed.Select(changes => changes.Version).ShouldBe(commits.Select(VersionOf));
        LogDefinition? definition = null;
        foreach (var (changes, commit) in followed.Zip(commits))
        {
            var before = definition?.Mapping;
            definition = LogDefinition.Of(changes) ?? definition?.After(changes) ?? await TryDefine(log, changes.Version);
            var where = $"version {changes.Version}";
            changes.IsDataChange.ShouldBe(commit.GetProperty("dataChange").GetBoolean(), where);
            if (commit.TryGetProperty("priorStateUnknown", out _))
            {
                FilesOf(changes).ShouldBe(FilesOf(commit), where);
            }
            else
            {
                ArePlacedAsExpected(changes, commit, partition => (definition?.Mapping ?? ColumnMapping.None).ToLogical(partition, before), where);
            }
        }
    }

    private static void ArePlacedAsExpected(
        CommitChanges changes, JsonElement commit, Func<PartitionValues, IEnumerable<KeyValuePair<string, string?>>> name, string where)
    {
        var shown = changes.Partitions.ToDictionary(change => Key(name(change.Partition)), StringComparer.Ordinal);
        var partitions = commit.GetProperty("partitions").EnumerateArray().ToDictionary(change => Key(change.GetProperty("partition")), StringComparer.Ordinal);
        shown.Keys.Order(StringComparer.Ordinal).ShouldBe(partitions.Keys.Order(StringComparer.Ordinal), where);
        foreach (var (key, change) in shown)
        {
            IsAsExpected(change, partitions[key], $"{where}, partition {key}");
        }

        (changes.UnknownPartition is not null).ShouldBe(commit.TryGetProperty("unknownPartition", out var unknown), where);
        if (changes.UnknownPartition is { } unplaced)
        {
            IsAsExpected(unplaced, unknown, $"{where}, no partition known");
        }
    }

    private static async Task<LogDefinition?> TryDefine(LocalLogStore log, long version)
    {
        try
        {
            return await LogDefinition.Read(log, version);
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    /// <summary>How many files a commit adds and removes, wherever: all that is certain where nothing tells the partition of a remove.</summary>
    private static (int Added, int Removed) FilesOf(CommitChanges changes)
    {
        PartitionChange[] all = changes.UnknownPartition is { } unknown ? [.. changes.Partitions, unknown] : [.. changes.Partitions];
        return (all.Sum(change => change.Added.Files + change.RearrangedAdded.Files), all.Sum(change => change.Removed.Files + change.RearrangedRemoved.Files));
    }

    private static (int Added, int Removed) FilesOf(JsonElement commit)
    {
        var partitions = commit.GetProperty("partitions").EnumerateArray();
        JsonElement[] all = commit.TryGetProperty("unknownPartition", out var unknown) ? [.. partitions, unknown] : [.. partitions];
        return (
            all.Sum(change => Totals(change, "added").Files + Totals(change, "rearrangedAdded").Files),
            all.Sum(change => Totals(change, "removed").Files + Totals(change, "rearrangedRemoved").Files));
    }

    private static async Task<List<CommitChanges>> Follow(LogFollower follower)
    {
        var all = new List<CommitChanges>();
        var at = await follower.FindOldest();
        while (true)
        {
            var page = (await follower.ReadAfter(at, PageSize)).ShouldBeOfType<FollowResult.Commits>();
            if (page.Changes.Count == 0)
            {
                page.MoreExist.ShouldBeFalse();
                return all;
            }

            (page.Changes.Count == PageSize || !page.MoreExist).ShouldBeTrue("a page that is not full ends the log");
            all.AddRange(page.Changes);
            at = page.Changes[^1].Position;
        }
    }

    /// <summary>The commits that end the log without a gap: what lies before a gap cannot be followed to the end.</summary>
    private static JsonElement[] LastRun(JsonElement[] commits)
    {
        var first = commits.Length;
        while (first > 0 && (first == commits.Length || VersionOf(commits[first - 1]) == VersionOf(commits[first]) - 1))
        {
            first--;
        }

        return commits[first..];
    }

    private static void IsAsExpected(PartitionChange change, JsonElement expected, string where)
    {
        change.Added.ShouldBe(Totals(expected, "added"), where);
        change.RearrangedAdded.ShouldBe(Totals(expected, "rearrangedAdded"), where);
        change.Removed.ShouldBe(AsFarAsCarried(change.Removed, Totals(expected, "removed")), where);
        change.RearrangedRemoved.ShouldBe(AsFarAsCarried(change.RearrangedRemoved, Totals(expected, "rearrangedRemoved")), where);
    }

    /// <summary>A remove need not carry its size and rows. The expectation takes them from the state before, the follower need not: it says how many it lacks.</summary>
    private static FileTotals AsFarAsCarried(FileTotals actual, FileTotals expected)
    {
        var carried = expected;
        if (actual.FilesWithoutBytes > expected.FilesWithoutBytes)
        {
            carried = carried with { Bytes = actual.Bytes, FilesWithoutBytes = actual.FilesWithoutBytes };
        }

        return actual.FilesWithoutRows > expected.FilesWithoutRows
            ? carried with { Rows = actual.Rows, LiveRows = actual.LiveRows, FilesWithoutRows = actual.FilesWithoutRows }
            : carried;
    }

    private static FileTotals Totals(JsonElement change, string side) => change.TryGetProperty(side, out var totals)
        ? new FileTotals(
            (int)Number(totals, "files"),
            Number(totals, "bytes"),
            Number(totals, "rows"),
            Number(totals, "liveRows"),
            (int)Number(totals, "filesWithoutRows"),
            (int)Number(totals, "filesWithoutBytes"),
            (int)Number(totals, "filesWithDv"))
        : default;

    private static long Number(JsonElement totals, string name) => totals.TryGetProperty(name, out var number) ? number.GetInt64() : 0;

    private static long VersionOf(JsonElement commit) => commit.GetProperty("version").GetInt64();

    private static string Key(IEnumerable<KeyValuePair<string, string?>> partition) =>
        string.Join('/', partition.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value ?? "<null>"}"));

    private static string Key(JsonElement partition) =>
        Key(partition.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString() is { Length: > 0 } value ? value : null)));
}

using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>The follower over tables of other writers, against what an independent reader says of their commits.</summary>
public sealed class FollowedTables
{
    private const int PageSize = 3;

    /// <summary>What a follower has no word for: it says what changed, not how the commit is written.</summary>
    private static readonly string[] OfTheCommitsFile = [".actions", ".cdcFiles", ".notes", ".priorStateUnknown"];

    /// <summary>What a follower leaves out that was not asked to look it up.</summary>
    private static readonly string[] Looked = [".bytes", ".rows", ".liveRows", ".filesWithoutRows", ".filesWithoutBytes"];

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

        var commits = LastRun([.. expected.Root.GetProperty("commits").EnumerateArray()]);
        (await new LogFollower(new LocalLogStore(expected.Table)).FindOldest()).Version.ShouldBe(BeforeFirst(expected, commits));
        await IsFollowed(expected, commits, RemoveDetail.Totals, path => OfTheCommitsFile.Contains(path));
        await IsFollowed(expected, commits, RemoveDetail.Partition, path => OfTheCommitsFile.Contains(path) || IsOfRemoves(path));

        // It may begin anywhere; what removes leave out is then looked up in checkpoints.
        for (var first = 1; first < commits.Length; first++)
        {
            await IsFollowed(expected, commits[first..], RemoveDetail.Totals, path => OfTheCommitsFile.Contains(path));
        }
    }

    private static async Task IsFollowed(ExpectedTable expected, JsonElement[] commits, RemoveDetail removes, Func<string, bool> ignores)
    {
        var log = new LocalLogStore(expected.Table);
        var followed = await Follow(new LogFollower(log, removes: removes), new LogPosition(BeforeFirst(expected, commits)));
        followed.Select(changes => changes.Version).ShouldBe(commits.Select(VersionOf));
        LogDefinition? definition = null;
        foreach (var (changes, commit) in followed.Zip(commits))
        {
            var before = definition?.Mapping;
            definition = LogDefinition.Of(changes) ?? definition?.After(changes) ?? await TryDefine(log, changes.Version);
            using var shown = Shown(changes, definition?.Mapping ?? ColumnMapping.None, before);
            JsonDifferences.Between(commit, shown.RootElement, ignores).ShouldBeEmpty($"version {changes.Version}, {removes}");
        }
    }

    private static bool IsOfRemoves(string path) =>
        (path.Contains(".removed.", StringComparison.Ordinal) || path.Contains(".rearrangedRemoved.", StringComparison.Ordinal))
        && Looked.Any(field => path.EndsWith(field, StringComparison.Ordinal));

    /// <summary>What a follower says, in the words of the expectation.</summary>
    private static JsonDocument Shown(CommitChanges changes, ColumnMapping mapping, ColumnMapping? before)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", changes.Version);
            LogJson.WriteOptional(json, "operation", changes.CommitInfo?.Operation is { Length: > 0 } operation ? operation : null);
            LogJson.WriteOptional(json, "timestamp", changes.CommitInfo?.Timestamp);
            LogJson.WriteOptional(json, "inCommitTimestamp", changes.CommitInfo?.InCommitTimestamp);
            foreach (var (name, _) in new[] { ("protocol", changes.Protocol is not null), ("metaData", changes.Metadata is not null) }.Where(flag => flag.Item2))
            {
                json.WriteBoolean(name, value: true);
            }

            json.WriteBoolean("dataChange", changes.IsDataChange);
            ChangesJson.WritePartitions(json, changes.Partitions, mapping, before);
            ChangesJson.WriteUnknown(json, changes.UnknownPartition);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(bytes.ToArray());
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

    private static async Task<List<CommitChanges>> Follow(LogFollower follower, LogPosition at)
    {
        var all = new List<CommitChanges>();
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

    private static long BeforeFirst(ExpectedTable expected, JsonElement[] commits) =>
        commits.Length == 0 ? expected.Root.GetProperty("latestVersion").GetInt64() : VersionOf(commits[0]) - 1;

    private static long VersionOf(JsonElement commit) => commit.GetProperty("version").GetInt64();
}

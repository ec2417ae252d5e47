using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What a follower finds out of removes that do not say all, and what it costs.</summary>
public sealed class RemoveLookupFacts : IDisposable
{
    private readonly TemporaryTable _table = new();
    private readonly ChangingStore _store;

    public RemoveLookupFacts() => _store = new ChangingStore(_table.Log, whenRead: "", () => { });

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Rows_and_bytes_that_a_remove_leaves_out_are_those_of_the_file_that_it_removes()
    {
        _table.PutFirst();
        _table.Put(1, Add("f", "a", rows: 5), Add("g", "a", rows: 7));
        _table.Put(2, Remove("f"), """{"remove":{"path":"g","dataChange":false,"partitionValues":{"p":"a"},"size":10}}""");
        var change = (await Page(RemoveDetail.Totals, after: 1)).Changes.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
        change.Partition.ShouldBe(TemporaryTable.In("a"));
        change.Removed.ShouldBe(new FileTotals(1, 10, 5, 5));
        change.RearrangedRemoved.ShouldBe(new FileTotals(1, 10, 7, 7));
    }

    [Fact]
    public async Task The_file_that_a_remove_means_is_found_by_path_and_vector()
    {
        _table.PutFirst();
        _table.Put(1, Add("f", "a", rows: 5, Vector(offset: null)), Add("f", "a", rows: 6, Vector(offset: 0)));
        _table.Put(2, Remove("f", Vector(offset: 0)));
        var change = (await Page(RemoveDetail.Totals, after: 1)).Changes.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
        change.Removed.ShouldBe(new FileTotals(1, 10, 6, 4, FilesWithDeletionVector: 1));
    }

    [Fact]
    public async Task A_follower_that_only_places_removes_does_not_look_for_their_rows()
    {
        _table.PutFirst();
        _table.Put(1, Add("f", "a", rows: 5));
        _table.Put(2, """{"remove":{"path":"f","dataChange":true,"partitionValues":{"p":"a"}}}""");
        var change = (await Page(RemoveDetail.Partition, after: 1)).Changes.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
        change.Removed.ShouldBe(new FileTotals(1, 0, 0, 0, FilesWithoutRows: 1, FilesWithoutBytes: 1));
        ReadsOnlyFrom(2);
    }

    [Fact]
    public async Task Removes_that_say_all_cost_only_their_own_commits()
    {
        PutPairs(last: 20, ""","partitionValues":{"p":"a"},"size":10,"stats":"{\"numRecords\":5}" """);
        (await Page(RemoveDetail.Totals, after: 15)).Changes.Count.ShouldBe(5);
        ReadsOnlyFrom(16);
    }

    [Fact]
    public async Task A_look_reads_what_lies_before_once_however_many_commits_follow()
    {
        PutPairs(last: 20);
        var page = await Page(RemoveDetail.Totals, after: 15);
        page.Changes.ShouldAllBe(commit => commit.Partitions.Single().Removed == new FileTotals(1, 10, 5, 5));
        _store.Listings.ShouldBe(1);
        foreach (var version in new[] { 9, 17, 18, 19, 20 })
        {
            _store.Reads.Count(name => name == LogFile.CommitName(version)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_table_without_partitions_needs_no_files_to_place_a_remove()
    {
        _table.Put(
            0,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            """{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}}}""");
        _table.Put(1, """{"add":{"path":"f","partitionValues":{},"size":10,"dataChange":true}}""");
        _table.Put(2, Remove("f"));
        _table.Put(3, """{"remove":{"path":"g","dataChange":true,"partitionValues":{}}}""");
        var commits = (await Page(RemoveDetail.Partition, after: 1)).Changes;
        commits.ShouldAllBe(commit => commit.UnknownPartition == null && commit.Partitions.Single().Partition.Equals(PartitionValues.None));
        _store.Reads.Count(name => name == LogFile.CommitName(1)).ShouldBe(1, "the definition was looked for, the files were not");
    }

    [Fact]
    public async Task An_empty_map_beside_added_files_without_partitions_says_that_there_are_none()
    {
        _table.PutFirst();
        _table.Put(6, """{"add":{"path":"f","partitionValues":{},"size":10,"dataChange":true}}""", """{"remove":{"path":"e","partitionValues":{},"size":10,"dataChange":true}}""");
        _table.Put(7, """{"remove":{"path":"f","partitionValues":{},"size":10,"dataChange":true}}""");
        File.Delete(_table.PathOf(0));
        var commits = (await Page(RemoveDetail.Totals, after: 5)).Changes;
        commits[0].UnknownPartition.ShouldBeNull();
        commits[0].Partitions.ShouldHaveSingleItem().Partition.ShouldBe(PartitionValues.None);
        commits[1].UnknownPartition.ShouldNotBeNull("nothing says that the commit before left the table as it was");
    }

    [Fact]
    public async Task What_a_commit_makes_of_the_table_does_not_place_what_it_removes()
    {
        _table.PutFirst();
        _table.Put(1, Add("f", "a", rows: 5));
        _table.Put(
            2,
            """{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}}}""",
            """{"add":{"path":"g","partitionValues":{},"size":10,"dataChange":true}}""",
            Remove("f"));
        var partitions = (await Page(RemoveDetail.Partition, after: 1)).Changes.ShouldHaveSingleItem().Partitions;
        partitions.Select(change => (change.Partition, change.Added.Files, change.Removed.Files))
            .ShouldBe([(PartitionValues.None, 1, 0), (TemporaryTable.In("a"), 0, 1)]);
    }

    [Fact]
    public async Task Where_the_log_before_is_gone_rows_are_exact_again_from_the_next_checkpoint_on()
    {
        PutPairs(last: 9);
        for (var version = 0; version <= 3; version++)
        {
            File.Delete(_table.PathOf(version));
        }

        _table.PutCheckpoint(6, HandmadeCheckpoint.Classic, [.. Definition, """{"add":{"path":"f6","partitionValues":{"p":"a"},"size":10,"stats":"{\"numRecords\":5}"}}"""]);
        var follower = new LogFollower(_store, removes: RemoveDetail.Totals);
        var first = (await follower.ReadAfter(3, 1)).ShouldBeOfType<FollowResult.Commits>().Changes;
        var listings = _store.Listings;
        var gone = (await follower.ReadAfter(first[0].Position, 2)).ShouldBeOfType<FollowResult.Commits>().Changes;
        _store.Listings.ShouldBe(listings, "nothing new can have come up to the next checkpoint");
        var rest = (await follower.ReadAfter(gone[^1].Position, 3)).ShouldBeOfType<FollowResult.Commits>().Changes;
        first.Concat(gone).Concat(rest).Select(commit => (commit.Version, commit.UnknownPartition?.Removed.Files ?? 0, commit.Partitions.Single().Removed.Rows))
            .ShouldBe([(4, 1, 0), (5, 1, 0), (6, 1, 0), (7, 0, 5), (8, 0, 5), (9, 0, 5)]);
    }

    [Fact]
    public async Task Files_of_a_table_that_was_recreated_place_no_removes_of_the_new_one()
    {
        PutPairs(last: 2);
        var follower = new LogFollower(_table.Log, removes: RemoveDetail.Totals);
        (await follower.ReadAfter(1, 10)).ShouldBeOfType<FollowResult.Commits>();
        Directory.Delete(_table.Folder, recursive: true);
        _table.PutFirst("t2");
        _table.Put(1, Add("f2", "b", rows: 8));
        _table.Put(2, Add("g", "b", rows: 1));
        _table.Put(3, Remove("f2"));
        var change = (await follower.ReadAfter(2, 10)).ShouldBeOfType<FollowResult.Commits>().Changes.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem();
        (change.Partition, change.Removed.Rows).ShouldBe((TemporaryTable.In("b"), 8));
    }

    private static string[] Definition { get; } =
    [
        """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
        """{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"]}}""",
    ];

    private static string Add(string path, string partition, long rows, string rest = "") =>
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"p":"{{{partition}}}"},"size":10,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":{{{rows}}}}"{{{rest}}}}}""";

    private static string Remove(string path, string rest = "") => $$$"""{"remove":{"path":"{{{path}}}","dataChange":true{{{rest}}}}}""";

    private static string Vector(int? offset) =>
        $$$""","deletionVector":{"storageType":"p","pathOrInlineDv":"x"{{{(offset is { } at ? $",\"offset\":{at}" : "")}}},"sizeInBytes":1,"cardinality":2}""";

    /// <summary>A log in which each version replaces the one file of the version before.</summary>
    private void PutPairs(int last, string rest = "")
    {
        _table.PutFirst();
        _table.Put(1, Add("f1", "a", rows: 5));
        for (var version = 2; version <= last; version++)
        {
            _table.Put(version, Add($"f{version}", "a", rows: 5), Remove($"f{version - 1}", rest));
        }
    }

    private void ReadsOnlyFrom(long version)
    {
        _store.Listings.ShouldBe(0);
        _store.Reads.ShouldAllBe(name => string.CompareOrdinal(name, LogFile.CommitName(version)) >= 0);
    }

    private async Task<FollowResult.Commits> Page(RemoveDetail removes, long after) =>
        (await new LogFollower(_store, removes: removes).ReadAfter(after, 100)).ShouldBeOfType<FollowResult.Commits>();
}

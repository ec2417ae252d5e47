using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class LogFollowerFacts : IDisposable
{
    private readonly TemporaryTable _table = new();
    private readonly LogFollower _follower;

    public LogFollowerFacts() => _follower = new LogFollower(_table.Log, pollInterval: TimeSpan.FromMilliseconds(1));

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task A_long_tail_is_read_in_pages()
    {
        await _table.Created();
        for (var version = 1; version <= 10; version++)
        {
            await _table.Append($"f{version}", "a");
        }

        var at = LogPosition.Start;
        var pages = new List<int>();
        while (await Page(at, 4) is { Changes.Count: > 0 } page)
        {
            pages.Add(page.Changes.Count);
            page.Changes.Select(change => change.Version).ShouldBe(Enumerable.Range((int)at.Version + 1, page.Changes.Count).Select(version => (long)version));
            page.MoreExist.ShouldBe(page.Changes[^1].Version < 10);
            at = page.Changes[^1].Position;
        }

        pages.ShouldBe([4, 4, 3]);
    }

    [Fact]
    public async Task A_commit_tells_what_changed_where_and_which_run_wrote_it()
    {
        await _table.Created(TemporaryTable.File("a0", "a", rows: 5));
        var txn = new SetTransaction("devices/2024-01-02", 3);
        await _table.Table.OverwritePartition(TemporaryTable.In("a"), [TemporaryTable.File("a1", "a", rows: 8)], CommitOrigin.OfRun("devices", "run-1", txn));
        var changes = (await Page(new LogPosition(0), 10)).Changes.ShouldHaveSingleItem();
        var change = changes.Partitions.ShouldHaveSingleItem();
        change.Partition.ShouldBe(TemporaryTable.In("a"));
        (change.Added.Files, change.Added.Rows, change.Added.Bytes).ShouldBe((1, 8, 100));
        (change.Removed.Files, change.Removed.Bytes, change.Removed.FilesWithoutRows).ShouldBe((1, 100, 1));
        change.RearrangedAdded.Files.ShouldBe(0);
        changes.Transactions.ShouldBe([txn]);
        changes.CommitInfo!.Tags[CommitTags.Pipeline].ShouldBe("devices");
        changes.CommitInfo.Tags[CommitTags.RunId].ShouldBe("run-1");
        changes.CommitTime.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_commit_that_only_rearranges_changes_no_data()
    {
        _table.PutFirst();
        _table.Put(1, """{"add":{"path":"x","partitionValues":{"p":"a"},"size":1,"modificationTime":1,"dataChange":false}}""", """{"remove":{"path":"y","partitionValues":{"p":"a"},"dataChange":false}}""");
        var changes = (await Page(new LogPosition(0), 10)).Changes.ShouldHaveSingleItem();
        changes.IsDataChange.ShouldBeFalse();
        changes.Partitions.ShouldHaveSingleItem().RearrangedAdded.Files.ShouldBe(1);
        changes.CommitTime.ShouldNotBeNull("a commit that says no time has the time at which it was put");
    }

    [Fact]
    public async Task A_remove_without_partition_values_is_resolved_from_what_was_there()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f", "a");
        _table.Put(2, """{"remove":{"path":"f","dataChange":true}}""");
        var changes = (await Page(new LogPosition(1), 10)).Changes.ShouldHaveSingleItem();
        changes.UnknownPartition.ShouldBeNull();
        changes.Partitions.ShouldHaveSingleItem().Partition.ShouldBe(TemporaryTable.In("a"));
    }

    [Fact]
    public async Task A_remove_that_nothing_can_place_is_never_lost()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f", "a");
        _table.Put(2, """{"remove":{"path":"f","dataChange":true}}""", """{"remove":{"path":"g","dataChange":true,"partitionValues":{}}}""");
        File.Delete(_table.PathOf(0));
        var changes = (await Page(new LogPosition(1), 10)).Changes.ShouldHaveSingleItem();
        changes.UnknownPartition.ShouldNotBeNull().Removed.Files.ShouldBe(2);
        changes.IsDataChange.ShouldBeTrue();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public async Task A_gap_stops_the_follower(int gap)
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "a");
        _table.PutAdd(1 + gap, "f3", "a");
        var at = (await Page(LogPosition.Start, 10)).Changes[^1].Position;
        at.Version.ShouldBe(1);
        var stopped = await Stopped(at);
        (stopped.Reason, stopped.Class, stopped.AtVersion).ShouldBe((FollowStop.Gap, DeltaErrorClass.VersionsNotContiguous, 2));
        stopped.Message.ShouldContain("commit 2 is missing");
    }

    [Fact]
    public async Task A_log_that_was_cleaned_up_past_the_position_stops_the_follower()
    {
        _table.PutFirst();
        for (var version = 1; version <= 6; version++)
        {
            _table.PutAdd(version, $"f{version}", "a");
        }

        var at = (await Page(LogPosition.Start, 3)).Changes[^1].Position;
        for (var version = 0; version <= 4; version++)
        {
            File.Delete(_table.PathOf(version));
        }

        var stopped = await Stopped(at);
        (stopped.Reason, stopped.Class, stopped.AtVersion).ShouldBe((FollowStop.CleanedUp, DeltaErrorClass.VersionNotReachable, 3));
    }

    [Fact]
    public async Task Clean_up_below_the_position_disturbs_nothing()
    {
        _table.PutFirst();
        for (var version = 1; version <= 4; version++)
        {
            _table.PutAdd(version, $"f{version}", "a");
        }

        var at = (await Page(LogPosition.Start, 3)).Changes[^1].Position;
        File.Delete(_table.PathOf(0));
        File.Delete(_table.PathOf(1));
        (await Page(at, 10)).Changes.Select(change => change.Version).ShouldBe([3, 4]);
        File.Delete(_table.PathOf(2));
        (await Page(at, 10)).Changes.Select(change => change.Version).ShouldBe([3, 4]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_recreated_table_stops_the_follower_whether_it_is_shorter_or_longer(int lastVersion)
    {
        _table.PutFirst("first");
        for (var version = 1; version <= 3; version++)
        {
            _table.PutAdd(version, $"f{version}", "a");
        }

        var at = (await Page(LogPosition.Start, 10)).Changes[^1].Position;
        at.TableId.ShouldBe("first");
        Directory.Delete(_table.Folder, recursive: true);
        _table.PutFirst("second");
        for (var version = 1; version <= lastVersion; version++)
        {
            _table.PutAdd(version, $"g{version}", "a");
        }

        var stopped = await Stopped(at);
        stopped.Reason.ShouldBe(FollowStop.Recreated);
        stopped.Message.ShouldContain("was first");
        stopped.Message.ShouldContain("second");
    }

    [Fact]
    public async Task A_table_that_lost_its_newest_commits_stops_the_follower()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "a");
        _table.PutAdd(2, "f2", "a");
        var at = (await Page(LogPosition.Start, 10)).Changes[^1].Position;
        File.Delete(_table.PathOf(2));
        (await Stopped(at)).Reason.ShouldBe(FollowStop.WentBack);
        Directory.Delete(_table.Folder, recursive: true);
        (await Stopped(at)).Reason.ShouldBe(FollowStop.NotFound);
    }

    [Fact]
    public async Task A_table_that_is_recreated_while_a_page_is_read_is_not_mixed_into_it()
    {
        _table.PutFirst("first");
        _table.PutAdd(1, "f1", "a");
        var store = new ChangingStore(_table.Log, whenRead: LogFile.CommitName(1), () =>
        {
            Directory.Delete(_table.Folder, recursive: true);
            _table.PutFirst("second");
            _table.PutAdd(1, "g1", "a");
            _table.PutAdd(2, "g2", "a");
        });
        var stopped = (await new LogFollower(store).ReadAfter(LogPosition.Start, 10)).ShouldBeOfType<FollowResult.Stopped>();
        stopped.Reason.ShouldBe(FollowStop.Recreated);
    }

    [Fact]
    public async Task Reading_what_is_new_lists_the_log_once_a_minute_at_most()
    {
        await _table.Created();
        var store = new ChangingStore(_table.Log, whenRead: "", () => { });
        var clock = new FakeClock();
        var follower = new LogFollower(store, clock);
        var at = LogPosition.Start;
        for (var round = 0; round < 3; round++)
        {
            at = (await follower.ReadAfter(at, 10)).ShouldBeOfType<FollowResult.Commits>().Changes[^1].Position;
            await follower.ReadAfter(at, 10);
            await follower.ReadAfter(at, 10);
            store.Listings.ShouldBe(1);
            await _table.Append($"f{round}", "a");
        }

        _table.PutAdd(30, "beyond", "a");
        at = (await follower.ReadAfter(at, 10)).ShouldBeOfType<FollowResult.Commits>().Changes[^1].Position;
        (await follower.ReadAfter(at, 10)).ShouldBeOfType<FollowResult.Commits>().Changes.ShouldBeEmpty("the gap is too wide to be seen by name");
        clock.Advance(TimeSpan.FromMinutes(1));
        (await follower.ReadAfter(at, 10)).ShouldBeOfType<FollowResult.Stopped>().Reason.ShouldBe(FollowStop.Gap);
    }

    [Fact]
    public async Task What_comes_before_a_commit_that_must_be_refused_is_returned_first()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "a");
        _table.Put(2, """{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors","wormholes"],"writerFeatures":[]}}""");
        var page = await Page(LogPosition.Start, 10);
        page.Changes.Count.ShouldBe(2);
        page.MoreExist.ShouldBeTrue();
        var stopped = await Stopped(page.Changes[^1].Position);
        (stopped.Reason, stopped.Class, stopped.AtVersion).ShouldBe((FollowStop.Unsupported, DeltaErrorClass.UnsupportedReaderFeature, 2));
        stopped.Message.ShouldContain("wormholes");
    }

    [Fact]
    public async Task A_corrupt_commit_stops_the_follower_by_line_and_column()
    {
        _table.PutFirst();
        _table.Put(1, """{"add":{"path":"f"}}""", "{]");
        var page = await Page(LogPosition.Start, 10);
        page.Changes.ShouldHaveSingleItem();
        var stopped = await Stopped(page.Changes[0].Position);
        stopped.Reason.ShouldBe(FollowStop.Corrupt);
        stopped.Message.ShouldContain("line 2, column 2");
    }

    [Fact]
    public async Task Waiting_ends_when_the_log_grows()
    {
        await _table.Created();
        var wait = _follower.WaitForGrowth(0, CancellationToken.None);
        wait.IsCompleted.ShouldBeFalse();
        await _table.Append("f1", "a");
        await wait.WaitAsync(Liveness.Bound);
        await _follower.WaitForGrowth(0, CancellationToken.None).WaitAsync(Liveness.Bound);
    }

    [Fact]
    public async Task Waiting_ends_when_the_table_goes_away_and_when_it_is_cancelled()
    {
        await _table.Created();
        var wait = _follower.WaitForGrowth(0, CancellationToken.None);
        Directory.Delete(_table.Folder, recursive: true);
        await wait.WaitAsync(Liveness.Bound);
        using var cancellation = new CancellationTokenSource();
        var cancelled = _follower.WaitForGrowth(-1, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
    }

    private async Task<FollowResult.Commits> Page(LogPosition after, int limit) =>
        (await _follower.ReadAfter(after, limit)).ShouldBeOfType<FollowResult.Commits>();

    private async Task<FollowResult.Stopped> Stopped(LogPosition after) =>
        (await _follower.ReadAfter(after, 10)).ShouldBeOfType<FollowResult.Stopped>();
}

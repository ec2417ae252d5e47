using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.DeltaLog;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class ReadBaselineFacts : IDisposable
{
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task Partitions_are_told_in_order_of_their_values_with_their_last_data_change()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-02", "2001-05-10");
        await _dataset.Append(CommitOrigin.None, _dataset.File("2001-05-01", rows: 5), _dataset.File(null), _dataset.File("2001-05-02", rows: 4));
        await _dataset.Append(CommitOrigin.None, _dataset.File("2001-05-10", rows: 9) with { DataChange = false });

        var read = await Read(version: null, 0, 100);

        read.Problem.ShouldBeNull();
        read.Version.ShouldBe(3);
        read.AtEnd.ShouldBeTrue();
        read.Partitions.Select(p => (p.Values["day"], p.Files, p.Rows, p.LastChange)).ShouldBe(
        [
            (null, 1, 1, 2),
            ("2001-05-01", 1, 5, 2),
            ("2001-05-02", 2, 5, 2),
            ("2001-05-10", 2, 10, 1),
        ]);
        read.Partitions[0].At.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_partition_that_was_emptied_is_told_with_the_change_that_emptied_it()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        await _dataset.Table.OverwritePartition(PartitionValues.Of("day", "2001-05-01"), [], CommitOrigin.None);

        var partition = (await Read(version: null, 0, 100)).Partitions.ShouldHaveSingleItem();

        (partition.Files, partition.Rows, partition.LastChange).ShouldBe((0, 0, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_of_one_version_fit_together_while_the_table_goes_on(bool sameNode)
    {
        await _dataset.Created();
        await _dataset.Append([.. Enumerable.Range(1, 9).Select(day => $"2001-05-{day:D2}")]);
        var handler = Handler();
        var read = await Run(handler, new ReadBaseline(Clicks, Version: null, 0, 4));
        var days = read.Partitions.Select(p => p.Values["day"]).ToList();
        while (!read.AtEnd)
        {
            await _dataset.Append("2001-05-00", $"2001-05-1{days.Count}");
            read = await Run(sameNode ? handler : Handler(), new ReadBaseline(Clicks, read.Version, days.Count, 4));
            days.AddRange(read.Partitions.Select(p => p.Values["day"]));
        }

        days.ShouldBe(Enumerable.Range(1, 9).Select(day => $"2001-05-{day:D2}"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_problem()
    {
        (await Read(version: null, 0, 10)).Problem.ShouldNotBeNull().Class.ShouldBe("TableNotFound");

        await _dataset.Created();
        (await Read(version: 5, 0, 10)).Problem.ShouldNotBeNull().Class.ShouldBe("VersionNotFound");
    }

    [Fact]
    public async Task A_snapshot_is_kept_for_the_pages_that_follow_and_for_no_other_version()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01", "2001-05-02", "2001-05-03");
        var handler = Handler();
        var first = await Run(handler, new ReadBaseline(Clicks, Version: null, 0, 1));
        Directory.Delete(_dataset.Folder.FolderOf(Clicks), recursive: true);
        var second = await Run(handler, new ReadBaseline(Clicks, first.Version, 1, 1));
        (second.Problem, second.Partitions.ShouldHaveSingleItem().Values["day"], second.AtEnd).ShouldBe((null, "2001-05-02", false));
        (await Run(handler, new ReadBaseline(Clicks, first.Version - 1, 2, 1))).Problem.ShouldNotBeNull().Class.ShouldBe("TableNotFound");
        (await Run(Handler(), new ReadBaseline(Clicks, first.Version, 2, 1))).Problem.ShouldNotBeNull().Class.ShouldBe("TableNotFound");
    }

    [Fact]
    public async Task A_change_that_only_a_checkpoint_knows_of_is_as_late_as_the_oldest_commit_lets_it_be()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        await _dataset.Append("2001-05-02");
        string[] state = [.. File.ReadLines(_dataset.LogFile(0)), .. File.ReadLines(_dataset.LogFile(1)), .. File.ReadLines(_dataset.LogFile(2))];
        var checkpoint = _dataset.LogFile(2).Replace(".json", ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(checkpoint, ["""{"checkpointMetadata":{"version":2}}""", .. state.Where(line => !line.Contains("commitInfo", StringComparison.Ordinal))]);
        await _dataset.Append("2001-05-02");
        for (var version = 0; version <= 2; version++)
        {
            File.Delete(_dataset.LogFile(version));
        }

        var read = await Read(version: null, 0, 10);

        read.Partitions.Select(p => (p.Values["day"], p.LastChange, p.At > DateTimeOffset.UnixEpoch)).ShouldBe([("2001-05-01", 2, false), ("2001-05-02", 3, true)]);
    }

    [Fact]
    public async Task A_baseline_tells_what_its_commit_looks_like_as_following_does()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        var followed = await Run(new ReadCommitsHandler(_dataset.Folder, TimeProvider.System), new ReadCommits(Clicks, null, LogCursor.Beginning, 10));
        (await Read(version: null, 0, 10)).Fingerprint.ShouldNotBeNull().ShouldBe(followed.Cursor.Fingerprint);
        (await Read(version: 0, 0, 10)).Fingerprint.ShouldNotBe(followed.Cursor.Fingerprint);
    }

    private ReadBaselineHandler Handler() => new(_dataset.Folder, TimeProvider.System, Guid.NewGuid);

    private Task<BaselineRead> Read(long? version, int offset, int limit) => Run(Handler(), new ReadBaseline(Clicks, version, offset, limit));
}

using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class ReadCommitsFacts : IDisposable
{
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_commit_is_told_by_partition_with_rows_bytes_and_files()
    {
        await _dataset.Created();
        await _dataset.Append(CommitOrigin.None, _dataset.File("2001-05-02", rows: 7), _dataset.File("2001-05-01"), _dataset.File("2001-05-02", rows: 3), _dataset.File(null));

        var read = await Read(null, LogCursor.Beginning);

        read.TableId.ShouldBe(await _dataset.TableId());
        read.AtEnd.ShouldBeTrue();
        read.Problem.ShouldBeNull();
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((1, 0));
        read.Commits.Select(c => c.Version).ShouldBe([0, 1]);
        read.Commits[0].Changes.ShouldBeEmpty();
        read.Commits[1].Changes.Select(c => (c.Values["day"], c.FilesAdded, c.Rows, c.Bytes, c.DataChange)).ShouldBe(
        [
            ("2001-05-02", 2, 10, 200, true),
            ("2001-05-01", 1, 1, 100, true),
            (null, 1, 1, 100, true),
        ]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(1000)]
    public async Task Pages_leave_nothing_out_and_repeat_nothing_whatever_their_length(int limit)
    {
        await _dataset.Created();
        for (var version = 1; version <= 20; version++)
        {
            await _dataset.Append([.. Enumerable.Range(1, version % 7).Select(day => $"2001-05-{day:D2}")]);
        }

        foreach (var restartsBetween in new[] { false, true })
        {
            var handler = Handler();
            var cursor = LogCursor.Beginning;
            string? id = null;
            var seen = new List<(long, string?)>();
            CommitsRead read;
            do
            {
                handler = restartsBetween ? Handler() : handler;
                read = await Run(handler, new ReadCommits(Clicks, id, cursor, limit));
                read.Problem.ShouldBeNull();
                read.Commits.Sum(c => Math.Max(1, c.Changes.Length)).ShouldBeLessThanOrEqualTo(limit);
                seen.AddRange(read.Commits.SelectMany(c => c.Changes.Select(change => (c.Version, change.Values["day"]))));
                (id, cursor) = (read.TableId, read.Cursor);
            }
            while (!read.AtEnd);

            (cursor.Version, cursor.Offset).ShouldBe((20, 0));
            seen.ShouldBe(Enumerable.Range(1, 20).SelectMany(v => Enumerable.Range(1, v % 7).Select(day => ((long)v, (string?)$"2001-05-{day:D2}"))));
        }
    }

    [Fact]
    public async Task A_page_that_the_limit_ended_is_not_at_the_end_until_the_log_was_looked_at_again()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        var handler = Handler();

        var first = await Run(handler, new ReadCommits(Clicks, null, LogCursor.Beginning, 2));
        first.AtEnd.ShouldBeFalse();
        (first.Cursor.Version, first.Cursor.Offset).ShouldBe((1, 0));

        await _dataset.Append("2001-05-02");
        var second = await Run(handler, new ReadCommits(Clicks, first.TableId, first.Cursor, 2));
        second.Commits.ShouldHaveSingleItem().Version.ShouldBe(2);
        second.AtEnd.ShouldBeTrue();
    }

    [Fact]
    public async Task A_commit_that_was_there_when_the_activity_started_is_never_missed_at_the_end()
    {
        await _dataset.Created();
        var handler = Handler();
        var read = await Run(handler, new ReadCommits(Clicks, null, LogCursor.Beginning, 100));
        for (var version = 1; version <= 5; version++)
        {
            (await Run(handler, new ReadCommits(Clicks, read.TableId, read.Cursor, 100))).Cursor.Version.ShouldBe(version - 1);
            await _dataset.Append("2001-05-01");
            read = await Run(handler, new ReadCommits(Clicks, read.TableId, read.Cursor, 100));
            read.AtEnd.ShouldBeTrue();
            read.Cursor.Version.ShouldBe(version);
        }
    }

    [Fact]
    public async Task The_commits_of_a_run_name_their_pipeline_and_run()
    {
        await _dataset.Created();
        await _dataset.Append(CommitOrigin.OfRun("counting", "manual__2001-05-03T00:00:00.000Z", new SetTransaction("app", 4)), _dataset.File("2001-05-01"));
        await _dataset.Append("2001-05-01");

        var read = await Read(await _dataset.TableId(), new LogCursor(0, 0));

        read.Commits[0].Pipeline.ShouldBe(PipelineName.Parse("counting"));
        read.Commits[0].Run.ShouldBe(RunId.Parse("manual__2001-05-03T00:00:00.000Z"));
        read.Commits[1].Pipeline.ShouldBeNull();
        read.Commits[1].Run.ShouldBeNull();
    }

    [Fact]
    public async Task A_rearrangement_is_told_as_one_that_changes_no_data()
    {
        await _dataset.Created();
        await _dataset.Append(CommitOrigin.None, _dataset.File("2001-05-01") with { DataChange = false });

        var change = (await Read(await _dataset.TableId(), new LogCursor(0, 0))).Commits.ShouldHaveSingleItem().Changes.ShouldHaveSingleItem();

        change.DataChange.ShouldBeFalse();
        change.FilesAdded.ShouldBe(1);
        change.Rows.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_removed_from_a_partition_that_nothing_tells_is_listed_without_values()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        var id = await _dataset.TableId();
        Put(2, """{"remove":{"path":"day=2001-05-07/unheard-of.parquet","dataChange":true}}""");

        var changes = (await Read(id, new LogCursor(1, 0))).Commits.ShouldHaveSingleItem().Changes;

        changes.ShouldHaveSingleItem().Values.ShouldBeEmpty();
        changes[0].FilesRemoved.ShouldBe(1);
        changes[0].DataChange.ShouldBeTrue();
    }

    [Fact]
    public async Task Commits_before_a_broken_one_are_returned_with_the_problem()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        Put(2, "{\"add\":{\"path\":");

        var read = await Read(null, LogCursor.Beginning);

        read.Commits.Select(c => c.Version).ShouldBe([0, 1]);
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((1, 0));
        read.AtEnd.ShouldBeFalse();
        read.Problem.ShouldNotBeNull().Class.ShouldBe("CorruptCommit");
        read.Problem.Message.ShouldContain("2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gap_is_a_problem_and_no_end(bool hasReadBefore)
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        await _dataset.Append("2001-05-02");
        await _dataset.Append("2001-05-03");
        var hidden = _dataset.LogFile(2) + ".hidden";
        File.Move(_dataset.LogFile(2), hidden);
        var handler = Handler();
        var read = await Run(handler, new ReadCommits(Clicks, null, LogCursor.Beginning, 2));
        read = await Run(hasReadBefore ? handler : Handler(), new ReadCommits(Clicks, read.TableId, read.Cursor, 100));

        read.AtEnd.ShouldBeFalse();
        read.Problem.ShouldNotBeNull().Class.ShouldBe("Gap");
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((1, 0));

        File.Move(hidden, _dataset.LogFile(2));
        read = await Run(handler, new ReadCommits(Clicks, read.TableId, read.Cursor, 100));
        read.Problem.ShouldBeNull();
        read.Commits.Select(c => c.Version).ShouldBe([2, 3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_table_at_the_same_place_is_a_problem(bool sameNode)
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        var handler = Handler();
        var before = await Run(handler, new ReadCommits(Clicks, null, LogCursor.Beginning, 100));
        Directory.Delete(_dataset.Folder.FolderOf(Clicks), recursive: true);
        await _dataset.Created();
        await _dataset.Append("2001-05-01");

        var after = await Run(sameNode ? handler : Handler(), new ReadCommits(Clicks, before.TableId, before.Cursor, 100));

        after.AtEnd.ShouldBeFalse();
        after.Commits.ShouldBeEmpty();
        after.Problem.ShouldNotBeNull().Class.ShouldBe("Recreated");
        after.Problem.Message.ShouldContain(before.TableId!);
    }

    [Fact]
    public async Task A_log_that_was_cleaned_up_before_it_was_read_is_a_problem()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        await _dataset.Append("2001-05-02");
        var read = await Run(Handler(), new ReadCommits(Clicks, null, LogCursor.Beginning, 1));
        File.Delete(_dataset.LogFile(0));
        File.Delete(_dataset.LogFile(1));

        (await Read(read.TableId, read.Cursor)).Problem.ShouldNotBeNull().Class.ShouldBe("CleanedUp");
    }

    [Fact]
    public async Task A_feature_that_nobody_here_can_read_is_a_problem_at_its_commit()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01");
        Put(2, """{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timeTravelByTea"],"writerFeatures":["timeTravelByTea"]}}""");

        var read = await Read(null, LogCursor.Beginning);

        read.Cursor.Version.ShouldBe(1);
        read.Problem.ShouldNotBeNull().Class.ShouldBe("UnsupportedReaderFeature");
        read.Problem.Message.ShouldContain("timeTravelByTea");
    }

    [Fact]
    public async Task A_folder_without_a_table_is_a_problem()
    {
        var read = await Read(null, LogCursor.Beginning);

        read.TableId.ShouldBeNull();
        read.AtEnd.ShouldBeFalse();
        read.Problem.ShouldNotBeNull().Class.ShouldBe("TableNotFound");
    }

    [Fact]
    public async Task A_commit_that_goes_away_while_it_is_paged_is_a_problem()
    {
        await _dataset.Created();
        await _dataset.Append("2001-05-01", "2001-05-02");
        var read = await Run(Handler(), new ReadCommits(Clicks, await _dataset.TableId(), new LogCursor(0, 0), 1));
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((0, 1));
        File.Delete(_dataset.LogFile(1));

        (await Read(read.TableId, read.Cursor)).Problem.ShouldNotBeNull().Class.ShouldBe("WentBack");
    }

    private ReadCommitsHandler Handler() => new(_dataset.Folder, TimeProvider.System);

    private Task<CommitsRead> Read(string? id, LogCursor after) => Run(Handler(), new ReadCommits(Clicks, id, after, 500));

    private void Put(long version, params string[] lines) => File.WriteAllText(_dataset.LogFile(version), string.Join('\n', lines) + "\n");
}

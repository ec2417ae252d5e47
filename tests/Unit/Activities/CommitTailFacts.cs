using System.Globalization;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Unit.DeltaLog;

namespace Latecomer.Tests.Unit.Activities;

public sealed class CommitTailFacts : IDisposable
{
    private readonly TemporaryTable _table = new();
    private readonly ChangingStore _store;

    public CommitTailFacts() => _store = new ChangingStore(_table.Log, whenRead: "", () => { });

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task A_commit_of_many_partitions_is_read_from_the_log_once_for_all_its_pages()
    {
        await _table.Created();
        await _table.Table.Append([.. Enumerable.Range(0, 9).Select(p => TemporaryTable.File($"f{p}", p.ToString(CultureInfo.InvariantCulture)))], CommitOrigin.None);
        var tail = Tail(LogCursor.Beginning, tableId: null);
        (await tail.Read(3, default)).AtEnd.ShouldBeFalse();
        var reads = _store.Reads.Count;
        (await tail.Read(2, default)).Commits.ShouldHaveSingleItem().Changes.Length.ShouldBe(2);
        (await tail.Read(5, default)).Commits.ShouldHaveSingleItem().Changes.Length.ShouldBe(5);
        _store.Reads.Count.ShouldBe(reads);
        var end = await tail.Read(1, default);
        (end.AtEnd, end.Commits.Length, end.Cursor.Version, end.Cursor.Offset).ShouldBe((true, 0, 1, 0));
    }

    [Fact]
    public async Task An_end_that_was_found_once_needs_no_listing_after_each_new_commit()
    {
        await _table.Created();
        var tail = Tail(LogCursor.Beginning, tableId: null);
        (await tail.Read(10, default)).AtEnd.ShouldBeTrue();
        var listings = _store.Listings;
        for (var version = 1; version <= 5; version++)
        {
            await _table.Append($"f{version}", "a");
            var read = await tail.Read(10, default);
            (read.AtEnd, read.Cursor.Version).ShouldBe((true, version));
        }

        // The definition of the table was read once more, with the first new commits.
        _store.Listings.ShouldBeLessThanOrEqualTo(listings + 1);
    }

    [Fact]
    public async Task The_end_is_not_said_before_a_commit_that_came_while_the_log_was_read()
    {
        await _table.Created();
        await _table.Append("f1", "a");
        var store = new ChangingStore(_table.Log, LogFile.CommitName(1), () => _table.PutAdd(2, "f2", "b"));
        var read = await new CommitTail(store, TimeProvider.System, LogCursor.Beginning, tableId: null).Read(100, default);
        read.Commits.Select(commit => commit.Version).ShouldBe([0, 1, 2]);
        (read.AtEnd, read.Cursor.Version).ShouldBe((true, 2));
    }

    [Fact]
    public async Task A_tail_stands_where_it_has_given_out_and_nowhere_else()
    {
        await _table.Created();
        await _table.Table.Append([TemporaryTable.File("f", "a"), TemporaryTable.File("g", "b")], CommitOrigin.None);
        var tail = Tail(LogCursor.Beginning, tableId: null);
        var read = await tail.Read(2, default);
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((0, 1));
        tail.IsAt(read.Cursor, read.TableId).ShouldBeTrue();
        tail.IsAt(read.Cursor with { Offset = 0 }, read.TableId).ShouldBeFalse();
        tail.IsAt(read.Cursor with { Version = 1 }, read.TableId).ShouldBeFalse();
        tail.IsAt(read.Cursor with { Fingerprint = "another" }, read.TableId).ShouldBeFalse();
        tail.IsAt(read.Cursor, "another").ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_cursor_notices_that_its_commit_was_replaced_even_by_one_of_the_same_table(int offset)
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "a");
        _table.Put(2, """{"add":{"path":"f2","partitionValues":{"p":"a"},"dataChange":true}}""", """{"add":{"path":"f3","partitionValues":{"p":"b"},"dataChange":true}}""");
        var read = await Tail(LogCursor.Beginning, tableId: null).Read(2 + offset, default);
        (read.Cursor.Version, read.Cursor.Offset).ShouldBe((1, offset));
        _table.PutAdd(1, "other", "a");
        var after = await Tail(read.Cursor, read.TableId).Read(10, default);
        after.Problem.ShouldNotBeNull().Class.ShouldBe("Recreated");
        (after.Commits.IsEmpty, after.AtEnd, after.Cursor).ShouldBe((true, false, read.Cursor));
        (await Tail(read.Cursor with { Fingerprint = null }, read.TableId).Read(10, default)).Problem.ShouldBeNull("a cursor of an older build has none");
    }

    [Fact]
    public async Task Partitions_have_the_column_names_that_the_table_has_now()
    {
        _table.Put(0, """{"protocol":{"minReaderVersion":2,"minWriterVersion":5}}""", Named("old"));
        _table.Put(1, Add("f1"));
        _table.Put(2, Named("new"));
        _table.Put(3, Add("f3"));
        var tail = Tail(LogCursor.Beginning, tableId: null);
        (await tail.Read(100, default)).Commits.SelectMany(commit => commit.Changes).Select(change => change.Values.Single().Key).ShouldBe(["new", "new"]);

        _table.Put(4, Named("newest"));
        _table.Put(5, Add("f5"));
        (await tail.Read(100, default)).Commits.SelectMany(commit => commit.Changes).Select(change => change.Values.Single().Key).ShouldBe(["newest"]);
    }

    [Fact]
    public async Task A_log_that_says_nowhere_which_table_it_is_is_a_problem_and_nothing_is_given_out()
    {
        _table.Put(0, """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""");
        _table.PutAdd(1, "f", "a");
        var read = await Tail(LogCursor.Beginning, tableId: null).Read(10, default);
        read.Problem.ShouldNotBeNull().Class.ShouldBe("MissingMetadata");
        (read.TableId, read.Commits.IsEmpty, read.Cursor, read.AtEnd).ShouldBe((null, true, LogCursor.Beginning, false));
    }

    private static string Add(string path) => $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"c1":"x"},"size":10,"modificationTime":1,"dataChange":true}}""";

    private static string Named(string column) =>
        $$$$"""{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"{{{{column}}}}\",\"type\":\"string\",\"nullable\":true,\"metadata\":{\"delta.columnMapping.physicalName\":\"c1\"}}]}","partitionColumns":["{{{{column}}}}"],"configuration":{"delta.columnMapping.mode":"name"}}}""";

    private CommitTail Tail(LogCursor after, string? tableId) => new(_store, new FakeClock(), after, tableId);
}

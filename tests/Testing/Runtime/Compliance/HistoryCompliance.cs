using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>The journal and the projections.</summary>
public abstract class HistoryCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Positions_of_a_shard_begin_at_1_and_have_no_gap()
    {
        await Append("a", "b");
        (await Commit(b => b.Journal.Add(new NewJournalEntry(Alice, 9, Message("refused"), "cause")), Lease with { Epoch = 5 })).ShouldBe(CommitOutcome.LeaseLost);
        await Append("c");
        var entries = await Store.Journal.Entries(Shard, 0, 10, default);
        entries.Select(e => (e.Position, Text(e.Entry))).ShouldBe([(1, "a"), (2, "b"), (3, "c")]);
        (entries[0].Shard, entries[0].Actor, entries[0].Revision, entries[0].Cause, entries[0].At).ShouldBe((Shard, Alice, 1, "cause", Now));
    }

    [Fact]
    public async Task Each_shard_has_positions_of_its_own()
    {
        var other = (await Take(OtherShard, 0, Second)).ShouldNotBeNull();
        await Append("a");
        await Committed(b => b.Journal.Add(new NewJournalEntry(Bob, 1, Message("b"), "cause")), other);
        (await Store.Journal.Entries(OtherShard, 0, 10, default)).ShouldHaveSingleItem().Position.ShouldBe(1);
    }

    [Fact]
    public async Task The_journal_is_read_in_pages()
    {
        await Append("a", "b", "c", "d");
        (await Store.Journal.Entries(Shard, 1, 2, default)).Select(e => Text(e.Entry)).ShouldBe(["b", "c"]);
        (await Store.Journal.Entries(Shard, 4, 2, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_heads_are_the_newest_positions_of_the_shards_that_have_one()
    {
        (await Store.Journal.Heads(default)).ShouldBeEmpty();
        var other = (await Take(OtherShard, 0, Second)).ShouldNotBeNull();
        (await Store.Journal.Heads(default)).ShouldBeEmpty();
        await Append("a", "b");
        await Committed(b => b.Journal.Add(new NewJournalEntry(Bob, 1, Message("c"), "cause")), other);
        (await Store.Journal.Heads(default)).ShouldBe([new JournalHead(Shard, 2), new JournalHead(OtherShard, 1)]);
        Clock.Advance(TimeSpan.FromDays(1));
        (await Store.Journal.Trim(Lease, Now, 10, default))!.Removed.ShouldBe(1);
        (await Store.Journal.Heads(default)).ShouldBe([new JournalHead(Shard, 2), new JournalHead(OtherShard, 1)]);
    }

    [Fact]
    public async Task What_happened_to_one_actor_is_read_backwards_in_pages()
    {
        await Append("a");
        await Committed(b => b.Journal.Add(new NewJournalEntry(Bob, 1, Message("bob's"), "cause")));
        await Append("b", "c");
        var page = await Store.Journal.ReadActor(Shard, Alice, long.MaxValue, 2, default);
        page.Select(e => (e.Position, Text(e.Entry))).ShouldBe([(4, "c"), (3, "b")]);
        (page[0].Shard, page[0].Actor, page[0].Revision, page[0].Cause, page[0].At).ShouldBe((Shard, Alice, 1, "cause", Now));
        (await Store.Journal.ReadActor(Shard, Alice, 3, 2, default)).Select(e => Text(e.Entry)).ShouldBe(["a"]);
        (await Store.Journal.ReadActor(Shard, Alice, 1, 2, default)).ShouldBeEmpty();
        (await Store.Journal.ReadActor(Shard, Bob, long.MaxValue, 2, default)).Select(e => Text(e.Entry)).ShouldBe(["bob's"]);
        (await Store.Journal.ReadActor(OtherShard, Alice, long.MaxValue, 2, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_journal_keeps_its_name_and_another_store_has_another()
    {
        var name = await Store.Journal.Identity(default);
        (await Store.Journal.Identity(default)).ShouldBe(name);
        await using var another = new TStore();
        (await (await another.Open(Clock)).Journal.Identity(default)).ShouldNotBe(name);
    }

    [Fact]
    public async Task A_row_is_what_was_put_last()
    {
        await Put("runs", "a", 1);
        await Put("runs", "a", 2);
        (await Store.Projections.Get("runs", "a", default))!.Body.ShouldBe([2]);
        await Put("runs", "a", body: null);
        (await Store.Projections.Get("runs", "a", default)).ShouldBeNull();
        await Put("runs", "a", body: null);
    }

    [Fact]
    public async Task Projections_are_apart()
    {
        await Put("runs", "a", 1);
        (await Store.Projections.Get("tasks", "a", default)).ShouldBeNull();
        (await Keys("tasks", "")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_are_listed_in_the_order_of_code_points()
    {
        string[] keys = ["b", "a", "B", "a/b", "ä", "\U0001F600", "\uE000", "a!", "10", "9"];
        foreach (var key in keys)
        {
            await Put("runs", key, 1);
        }

        (await Keys("runs", "")).ShouldBe(["10", "9", "B", "a", "a!", "a/b", "b", "ä", "\uE000", "\U0001F600"]);
    }

    [Fact]
    public async Task Rows_are_listed_by_prefix_in_pages()
    {
        foreach (var key in new[] { "a/1", "a/2", "a/3", "ab", "b/1", "a" })
        {
            await Put("runs", key, 1);
        }

        (await Keys("runs", "a/")).ShouldBe(["a/1", "a/2", "a/3"]);
        (await Keys("runs", "a/", limit: 2)).ShouldBe(["a/1", "a/2"]);
        (await Keys("runs", "a/", "a/2", 2)).ShouldBe(["a/3"]);
        (await Keys("runs", "a/", "a/25", 2)).ShouldBe(["a/3"]);
        (await Keys("runs", "a/", "a/3")).ShouldBeEmpty();
        (await Keys("runs", "a/", "0")).ShouldBe(["a/1", "a/2", "a/3"]);
        (await Keys("runs", "c")).ShouldBeEmpty();
        (await Keys("runs", "", "b/1")).ShouldBeEmpty();
    }

    private Task Append(params string[] texts) =>
        Committed(b => b.Journal.AddRange(texts.Select(t => new NewJournalEntry(Alice, 1, Message(t), "cause"))));

    private Task Put(string projection, string key, int? body) =>
        Committed(b => b.Rows.Add((projection, key, body is { } value ? [(byte)value] : null)));

    private async Task<IReadOnlyList<string>> Keys(string projection, string prefix, string? after = null, int limit = 100) =>
        [.. (await Store.Projections.List(projection, prefix, after, limit, default)).Select(r => r.Key)];
}

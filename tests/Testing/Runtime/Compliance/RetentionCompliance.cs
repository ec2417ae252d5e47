using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>What a store lets go of, and what it never does.</summary>
public abstract class RetentionCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly StoredReply Fine = new(ReplyStatus.Ok, Body: null, Message: null);

    [Fact]
    public async Task Only_entries_older_than_asked_are_removed()
    {
        await Append("a", "b");
        Clock.Advance(Day);
        await Append("c");
        (await Trim(Now - Day)).ShouldBe(new JournalTrim(0, Now - Day));
        (await Trim(Now - Day + TimeSpan.FromTicks(1))).ShouldBe(new JournalTrim(2, Now));
        (await Read(after: 2)).ShouldBe(["3 c"]);
    }

    [Fact]
    public async Task No_more_is_removed_at_once_than_asked()
    {
        await Append("a", "b", "c", "d", "e");
        (await Trim(Later, limit: 2)).ShouldBe(new JournalTrim(2, Now));
        (await Read(after: 2)).ShouldBe(["3 c", "4 d", "5 e"]);
        (await Trim(Later, limit: 2)).ShouldBe(new JournalTrim(2, Now));
        (await Trim(Later, limit: 2)).ShouldBe(new JournalTrim(0, Now));
        (await Read(after: 4)).ShouldBe(["5 e"]);
    }

    [Fact]
    public async Task The_newest_entry_stays_and_positions_go_on_behind_it()
    {
        await Append("a", "b");
        (await Trim(Later)).ShouldBe(new JournalTrim(1, Now));
        (await Trim(Later)).ShouldBe(new JournalTrim(0, Now));
        await Append("c");
        (await Read(after: 1)).ShouldBe(["2 b", "3 c"]);
        (await Trim(Later)).ShouldBe(new JournalTrim(1, Now));
        await Append("d", "e");
        (await Read(after: 2)).ShouldBe(["3 c", "4 d", "5 e"]);
    }

    [Fact]
    public async Task Nothing_is_removed_behind_an_entry_that_stays()
    {
        // The clock of a database that took over may be behind.
        await Committed(b => b.Journal.Add(new NewJournalEntry(Alice, 1, Message("young"), "cause")));
        var old = new TurnBatch(Lease, Now - Day);
        old.Journal.Add(new NewJournalEntry(Alice, 2, Message("old"), "cause"));
        (await Store.Turns.Commit(old, default)).ShouldBe(CommitOutcome.Committed);
        await Append("new");
        (await Trim(Now)).ShouldBe(new JournalTrim(0, Now));
        (await Read(after: 0)).ShouldBe(["1 young", "2 old", "3 new"]);
    }

    [Fact]
    public async Task Whoever_asks_below_the_floor_is_told_so()
    {
        await Append("a", "b", "c", "d");
        await Trim(Later, limit: 2);
        (await Store.Journal.Read(Shard, 0, 10, default)).ShouldBe(new JournalPage.BelowFloor(2));
        (await Store.Journal.Read(Shard, 1, 1, default)).ShouldBe(new JournalPage.BelowFloor(2));
        (await Read(after: 2)).ShouldBe(["3 c", "4 d"]);
        (await Read(after: 4)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shard_without_entries_has_nothing_to_remove()
    {
        (await Trim(Later)).ShouldBe(new JournalTrim(0, Oldest: null));
        (await Store.Journal.Entries(Shard, 0, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_shards_keep_theirs()
    {
        var other = (await Take(OtherShard, 0, Second)).ShouldNotBeNull();
        await Append("a", "b");
        await Committed(b => b.Journal.AddRange([Entry("c"), Entry("d")]), other);
        await Trim(Later);
        (await Store.Journal.Entries(OtherShard, 0, 10)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_has_lost_the_shard_removes_nothing()
    {
        await Append("a", "b");
        await FirstExpires();
        var taken = (await Take(Shard, 1, Second)).ShouldNotBeNull();
        (await Store.Journal.Trim(Lease, Later, 10, default)).ShouldBeNull();
        (await Read(after: 0)).Count.ShouldBe(2);
        (await Store.Journal.Trim(taken, Later, 10, default))!.Removed.ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_stays_as_long_after_it_was_given_as_after_it_was_asked_for()
    {
        var late = await Submit("late");
        Clock.Advance(2 * Day);
        (await Expire()).ShouldBe(0);
        await Reply(late);
        Clock.Advance(Day);
        (await Expire()).ShouldBe(0);
        (await Store.Requests.FindReply(late, default)).ShouldBe(Fine);
        Clock.Advance(TimeSpan.FromTicks(1));
        (await Expire()).ShouldBe(1);
        (await Store.Requests.FindReply(late, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_replies_no_more_are_removed_at_once_than_asked()
    {
        for (var i = 0; i < 5; i++)
        {
            await Reply(await Submit($"request-{i}"));
        }

        Clock.Advance(2 * Day);
        (await Expire(limit: 2)).ShouldBe(2);
        (await Expire(limit: 2)).ShouldBe(2);
        (await Expire(limit: 2)).ShouldBe(1);
        (await Expire(limit: 2)).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_whose_reply_was_removed_is_new_again()
    {
        await Reply(await Submit("request"));
        Clock.Advance(2 * Day);
        await Expire();
        await Submit("request");
        (await Work()).Mail.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Retired_rows_stay_until_they_are_old_and_go_longest_first()
    {
        foreach (var key in new[] { "b", "a", "c" })
        {
            await Committed(b => b.Rows.Add(("tries", key, [1])));
            await Committed(b => b.Retired.Add(("tries", key)));
            Clock.Advance(Day);
        }

        await Committed(b => b.Rows.Add(("tries", "d", [1])));
        (await Keys()).ShouldBe(["a", "b", "c", "d"]);
        (await Store.Projections.RemoveRetired(Now - (3 * Day), 10, default)).ShouldBe(0);
        (await Store.Projections.RemoveRetired(Now, 1, default)).ShouldBe(1);
        (await Keys()).ShouldBe(["a", "c", "d"]);
        (await Store.Projections.RemoveRetired(Now - Day, 10, default)).ShouldBe(1);
        (await Keys()).ShouldBe(["c", "d"]);
        (await Store.Projections.RemoveRetired(Later, 10, default)).ShouldBe(1);
        (await Keys()).ShouldBe(["d"]);
    }

    [Fact]
    public async Task A_row_may_be_retired_twice_and_be_gone_already()
    {
        await Committed(b => b.Rows.Add(("tries", "a", [1])));
        await Committed(b => b.Retired.AddRange([("tries", "a"), ("tries", "a"), ("tries", "none")]));
        await Committed(b => b.Rows.Add(("tries", "a", null)));
        (await Store.Projections.RemoveRetired(Later, 10, default)).ShouldBe(2);
        (await Keys()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_turn_that_is_refused_retires_nothing()
    {
        await Committed(b => b.Rows.Add(("tries", "a", [1])));
        (await Commit(b => b.Retired.Add(("tries", "a")), Lease with { Epoch = 9 })).ShouldBe(CommitOutcome.LeaseLost);
        (await Store.Projections.RemoveRetired(Later, 10, default)).ShouldBe(0);
        (await Keys()).ShouldBe(["a"]);
    }

    private DateTimeOffset Later => Now + Day;

    private static NewJournalEntry Entry(string text) => new(Alice, 1, Message(text), "cause");

    private Task Append(params string[] texts) => Committed(b => b.Journal.AddRange(texts.Select(Entry)));

    private async Task<JournalTrim> Trim(DateTimeOffset before, int limit = 10) => (await Store.Journal.Trim(Lease, before, limit, default)).ShouldNotBeNull();

    private async Task<IReadOnlyList<string>> Read(long after) => [.. (await Store.Journal.Entries(Shard, after, 10)).Select(e => $"{e.Position} {Text(e.Entry)}")];

    private ValueTask<int> Expire(int limit = 10) => Store.Requests.Expire(Now, Day, limit, default);

    private async Task<RequestId> Submit(string id)
    {
        var request = RequestId.Parse(id);
        (await Store.Requests.Submit(new NewRequest(request, "hash", Alice, Shard, Message("asked"), Now + Day), default)).ShouldBeOfType<SubmitOutcome.Accepted>();
        return request;
    }

    private Task Reply(RequestId request) => Committed(b => b.Replies.Add((request, Fine)));

    private async Task<IReadOnlyList<string>> Keys() => [.. (await Store.Projections.List("tries", "", after: null, 10, default)).Select(r => r.Key)];
}

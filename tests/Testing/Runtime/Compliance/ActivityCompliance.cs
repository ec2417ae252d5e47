using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class ActivityCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private readonly Dictionary<Incarnation, List<ActivityKey>> _running = [];

    [Fact]
    public async Task A_started_activity_is_given_to_one_worker_as_it_was_started()
    {
        await Start("a");
        var given = (await Claim(First)).ShouldHaveSingleItem();
        (given.Key, given.Shard, given.Kind, given.Attempt, given.CancelRequested).ShouldBe((Key("a"), Shard, "work", 1, false));
        given.Input.ShouldBe([1, 2]);
        (await Claim(Second)).ShouldBeEmpty();
        (await Claim(First)).ShouldBeEmpty();
        (await Store.Activities.List(default)).ShouldBe([new ActivityStatus(Key("a"), Shard, "work", 1, First, CancelRequested: false)]);
    }

    [Fact]
    public async Task Activities_are_given_in_the_order_of_their_start_and_no_more_than_asked_for()
    {
        await Start("b", "a", "c");
        (await Claim(First, limit: 2)).Select(a => a.Key.Id).ShouldBe(["b", "a"]);
        (await Claim(Second, limit: 2)).Select(a => a.Key.Id).ShouldBe(["c"]);
    }

    [Fact]
    public async Task Only_activities_of_the_shards_asked_for_are_given()
    {
        await Start("a");
        (await Store.Activities.Claim([OtherShard], First, [], 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_expired_worker_is_given_nothing()
    {
        await Start("a");
        await FirstExpires();
        (await Claim(First)).ShouldBeEmpty();
        (await Claim(Second)).ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_lost_worker_ran_is_given_again_with_an_attempt_more()
    {
        await Start("a");
        await Claim(First);
        await FirstExpires();
        (await Claim(Second)).ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_worker_was_given_without_hearing_of_it_is_given_to_it_again()
    {
        await Start("a", "b");
        await Store.Activities.Claim([Shard], First, [], 100, default);
        var given = (await Store.Activities.Claim([], First, [Key("a")], 100, default)).ShouldHaveSingleItem();
        (given.Key, given.Attempt).ShouldBe((Key("b"), 2));
        (await Store.Activities.Claim([Shard], Second, [], 100, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_worker_ran_that_left_is_given_again()
    {
        await Start("a");
        await Claim(First);
        await Store.Membership.Leave(First, default);
        (await Claim(Second)).ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Its_end_is_mail_to_its_actor_once()
    {
        await Start("a");
        var given = (await Claim(First)).Single();
        (await Complete(given, First)).ShouldBeTrue();
        var mail = (await Work()).Mail.ShouldHaveSingleItem();
        (mail.To, mail.From, mail.Cause, mail.Request, mail.Message.Type).ShouldBe((Alice, null, "activity", null, ActivityEndedFormat.Type));
        (await Store.Activities.List(default)).ShouldBeEmpty();
        (await Complete(given, First)).ShouldBeFalse();
        (await Work()).Mail.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_lost_worker_cannot_end_it()
    {
        await Start("a");
        var lost = (await Claim(First)).Single();
        await FirstExpires();
        (await Complete(lost, First)).ShouldBeFalse();
        var given = (await Claim(Second)).Single();
        (await Complete(lost, First)).ShouldBeFalse();
        (await Complete(lost, Second)).ShouldBeFalse();
        (await Work()).Mail.ShouldBeEmpty();
        (await Complete(given, Second)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_ends_what_somebody_else_runs()
    {
        await Start("a");
        var given = (await Claim(First)).Single();
        (await Complete(given, Second)).ShouldBeFalse();
        (await Store.Activities.List(default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_worker_learns_which_of_its_own_are_to_stop()
    {
        await Start("a", "b");
        await Claim(First);
        (await Store.Activities.CancelRequested(First, default)).ShouldBeEmpty();
        await Cancel("b");
        (await Store.Activities.CancelRequested(First, default)).ShouldBe([Key("b")]);
        (await Store.Activities.CancelRequested(Second, default)).ShouldBeEmpty();
        (await Store.Activities.List(default)).Select(a => a.CancelRequested).ShouldBe([false, true]);
    }

    [Fact]
    public async Task What_was_cancelled_before_it_ran_is_given_as_such()
    {
        await Start("a");
        await Cancel("a");
        (await Claim(First)).ShouldHaveSingleItem().CancelRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Started_and_cancelled_by_one_batch_it_is_cancelled()
    {
        await Committed(b =>
        {
            b.Activities.Add(new NewActivity(Key("a"), "work", [], "activity"));
            b.Activities.Add(new NewActivity(Key("a"), Kind: null, Input: null, "activity"));
        });
        (await Claim(First)).ShouldHaveSingleItem().CancelRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancelling_what_is_not_there_is_no_fault()
    {
        await Cancel("a");
        (await Store.Activities.List(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_is_free_again_after_its_end()
    {
        await Start("a");
        var given = (await Claim(First)).Single();
        await Complete(given, First);
        await Start("a");
        (await Claim(First)).ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Claimed_by_two_at_once_each_is_given_once()
    {
        var all = Enumerable.Range(0, 20).Select(i => $"{i}").ToArray();
        await Start(all);
        var given = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            await Store.Activities.Claim([Shard, OtherShard], i % 2 == 0 ? First : Second, [.. all.Select(Key)], 5, default))));
        given.SelectMany(g => g).Select(a => a.Key.Id).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}"), ignoreOrder: true);
    }

    private static ActivityKey Key(string id) => new(Alice, id);

    private Task Start(params string[] ids) =>
        Committed(b => b.Activities.AddRange(ids.Select(id => new NewActivity(Key(id), "work", [1, 2], "activity"))));

    private Task Cancel(string id) => Committed(b => b.Activities.Add(new NewActivity(Key(id), Kind: null, Input: null, "activity")));

    /// <summary>Claims as a worker does that runs all it was given until it has completed it.</summary>
    private async Task<IReadOnlyList<ActivityAssignment>> Claim(Incarnation worker, int limit = 100)
    {
        var running = _running.GetValueOrDefault(worker) ?? [];
        var given = await Store.Activities.Claim([Shard, OtherShard], worker, running, limit, default);
        _running[worker] = [.. running, .. given.Select(a => a.Key)];
        return given;
    }

    private ValueTask<bool> Complete(ActivityAssignment given, Incarnation worker)
    {
        _running.GetValueOrDefault(worker)?.Remove(given.Key);
        return Store.Activities.Complete(
            given, worker, ActivityEndedFormat.Write(new ActivityEnded(given.Key.Id, given.Kind, given.Attempt, ActivityOutcome.Completed, "1"u8.ToArray(), Error: null)), default);
    }
}

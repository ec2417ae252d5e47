using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>A batch that is refused, whatever for, writes nothing into any table.</summary>
public abstract class FenceCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly RequestId Request = RequestId.Parse("request-1");

    private long _mail;
    private TimerKey _timer;

    [Fact]
    public async Task Under_the_lease_everything_is_written()
    {
        await Prepare();
        var before = await Dump();
        (await Store.Turns.Commit(Everything(Lease), default)).ShouldBe(CommitOutcome.Committed);
        (await Dump()).ShouldNotBe(before);
        (await Store.Requests.FindReply(Request, default))!.Status.ShouldBe(ReplyStatus.Ok);
        (await Texts()).ShouldBe(["sent"]);
    }

    [Fact]
    public async Task Under_a_lease_that_was_taken_over_nothing_is_written()
    {
        await Prepare();
        await FirstExpires();
        (await Take(Shard, 1, Second)).ShouldNotBeNull();
        await IsRefused(Everything(Lease), CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task Under_a_lease_that_was_released_nothing_is_written()
    {
        await Prepare();
        await Store.Leases.Release([Lease], default);
        await IsRefused(Everything(Lease), CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task Under_the_epoch_of_another_owner_nothing_is_written()
    {
        await Prepare();
        await IsRefused(Everything(Lease with { Owner = Second }), CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task Under_another_epoch_of_the_owner_nothing_is_written()
    {
        await Prepare();
        await IsRefused(Everything(Lease with { Epoch = 2 }), CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task Of_a_shard_that_nobody_owns_nothing_is_written()
    {
        await Prepare();
        await IsRefused(Everything(Lease with { Shard = OtherShard }), CommitOutcome.LeaseLost);
    }

    [Fact]
    public async Task When_its_mail_is_gone_nothing_is_written()
    {
        await Prepare();
        await Committed(b => b.Consumed.Add(_mail));
        await IsRefused(Everything(Lease), CommitOutcome.Stale);
    }

    [Fact]
    public async Task When_its_timer_was_set_anew_nothing_is_written()
    {
        await Prepare();
        await Committed(b => b.Timers.Add(new NewTimer(Alice, "alarm", Now, Message("again"), "timer")));
        await IsRefused(Everything(Lease), CommitOutcome.Stale);
    }

    [Fact]
    public async Task When_a_state_has_another_revision_nothing_is_written()
    {
        await Prepare();
        await Committed(b => b.States.Add((Image(2), 1)));
        await IsRefused(Everything(Lease), CommitOutcome.Stale);
    }

    [Fact]
    public async Task When_a_new_actor_has_a_state_already_nothing_is_written()
    {
        await Prepare();
        await Committed(b => b.States.Add((Image(1, Bob), 0)));
        await IsRefused(Everything(Lease), CommitOutcome.Stale);
    }

    [Fact]
    public async Task When_it_starts_an_activity_that_has_not_ended_nothing_is_written()
    {
        await Prepare();
        var before = await Dump();
        var batch = Everything(Lease);
        batch.Activities.Add(new NewActivity(new ActivityKey(Alice, "running"), "work", [1], "activity"));
        (await Should.ThrowAsync<InvalidTurnException>(async () => await Store.Turns.Commit(batch, default))).Message.ShouldContain("running");
        (await Dump()).ShouldBe(before);
    }

    [Fact]
    public async Task Attempts_are_counted_only_under_the_lease()
    {
        await Prepare();
        var before = await Dump();
        (await Store.Turns.CountAttempts(Lease with { Epoch = 2 }, [_mail], [_timer], default)).ShouldBeFalse();
        (await Dump()).ShouldBe(before);
        (await Store.Turns.CountAttempts(Lease, [_mail], [_timer], default)).ShouldBeTrue();
        var work = await Work();
        work.Mail.Single(m => m.Id == _mail).Attempts.ShouldBe(1);
        work.Timers.Single().Attempts.ShouldBe(1);
    }

    private async Task Prepare()
    {
        await Send(Mail("received"));
        await Committed(b =>
        {
            b.States.Add((Image(1), 0));
            b.Activities.Add(new NewActivity(new ActivityKey(Alice, "running"), "work", [1], "activity"));
            b.Rows.Add(("rows", "old", [1]));
        });
        _timer = (await SetTimer("alarm", TimeSpan.FromMilliseconds(1))).Key;
        _mail = (await Work()).Mail.Single().Id;
        await Store.Requests.Submit(new NewRequest(Request, "hash", Bob, OtherShard, Message("asked"), Now + Lifetime), default);
    }

    private TurnBatch Everything(Lease lease)
    {
        var batch = new TurnBatch(lease, Now);
        batch.Consumed.Add(_mail);
        batch.Fired.Add(_timer);
        batch.States.Add((Image(2), 1));
        batch.States.Add((Image(1, Bob), 0));
        batch.Journal.Add(new NewJournalEntry(Alice, 2, Message("happened"), "cause"));
        batch.Sends.Add(Mail("sent"));
        batch.Timers.Add(new NewTimer(Alice, "next", Now + Lifetime, Message("next"), "timer"));
        batch.Activities.Add(new NewActivity(new ActivityKey(Alice, "running"), Kind: null, Input: null, "activity"));
        batch.Activities.Add(new NewActivity(new ActivityKey(Alice, "new"), "work", [2], "activity"));
        batch.Replies.Add((Request, new StoredReply(ReplyStatus.Ok, [3], Message: null)));
        batch.Rows.Add(("rows", "old", null));
        batch.Rows.Add(("rows", "new", [4]));
        batch.DeadLetters.Add(new DeadLetter(0, Bob, Alice, Message("dead"), "cause", Request: null, "because", Suspends: true, Now));
        return batch;
    }

    private async Task IsRefused(TurnBatch batch, CommitOutcome why)
    {
        var before = await Dump();
        (await Store.Turns.Commit(batch, default)).ShouldBe(why);
        (await Dump()).ShouldBe(before);
    }

    private Task<string> Dump() => StoreDump.Of(Store, [Shard, OtherShard], [Alice, Bob], [Request], ["rows"]);
}

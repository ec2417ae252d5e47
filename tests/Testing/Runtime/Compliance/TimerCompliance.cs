using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class TimerCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task A_timer_is_not_seen_before_it_is_due()
    {
        await Set("alarm", TimeSpan.FromSeconds(1));
        (await Work()).Timers.ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        (await Work()).Timers.ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromTicks(1));
        var timer = (await Work()).Timers.ShouldHaveSingleItem();
        (timer.Key.Actor, timer.Key.Name, timer.Due, Text(timer.Message), timer.Cause, timer.Attempts).ShouldBe((Alice, "alarm", Now, "ring", "timer", 0));
    }

    [Fact]
    public async Task Due_timers_are_read_soonest_first_and_no_more_than_asked_for()
    {
        await Set("late", TimeSpan.FromSeconds(2));
        await Set("early", TimeSpan.FromSeconds(1));
        Clock.Advance(TimeSpan.FromSeconds(2));
        (await Work()).Timers.Select(t => t.Key.Name).ShouldBe(["early", "late"]);
        (await Store.Turns.ReadWork(Shard, 1, 1, default)).Timers.Select(t => t.Key.Name).ShouldBe(["early"]);
    }

    [Fact]
    public async Task A_timer_fires_once()
    {
        var timer = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b => b.Fired.Add(timer.Key));
        (await Work()).Timers.ShouldBeEmpty();
        (await Commit(b => b.Fired.Add(timer.Key))).ShouldBe(CommitOutcome.Stale);
    }

    [Fact]
    public async Task A_timer_set_anew_replaces_the_old_one_and_has_a_higher_generation()
    {
        var old = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        var young = await SetTimer("alarm", TimeSpan.FromSeconds(1), "again");
        young.Key.Generation.ShouldBeGreaterThan(old.Key.Generation);
        Text((await Work()).Timers.ShouldHaveSingleItem().Message).ShouldBe("again");
        (await Commit(b => b.Fired.Add(old.Key))).ShouldBe(CommitOutcome.Stale);
    }

    [Fact]
    public async Task A_timer_set_anew_after_it_fired_has_a_higher_generation()
    {
        var old = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b => b.Fired.Add(old.Key));
        (await SetTimer("alarm", TimeSpan.FromSeconds(1))).Key.Generation.ShouldBeGreaterThan(old.Key.Generation);
    }

    [Fact]
    public async Task A_turn_may_set_the_timer_anew_that_it_fires()
    {
        var old = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b =>
        {
            b.Fired.Add(old.Key);
            b.Timers.Add(new NewTimer(Alice, "alarm", Now, Message("again"), "timer"));
        });
        Text((await Work()).Timers.ShouldHaveSingleItem().Message).ShouldBe("again");
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_fire_and_cancelling_none_is_no_fault()
    {
        var timer = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b => b.Timers.Add(new NewTimer(Alice, "alarm", Due: null, Message: null, "timer")));
        await Committed(b => b.Timers.Add(new NewTimer(Alice, "alarm", Due: null, Message: null, "timer")));
        (await Work()).Timers.ShouldBeEmpty();
        (await Commit(b => b.Fired.Add(timer.Key))).ShouldBe(CommitOutcome.Stale);
    }

    [Fact]
    public async Task Changes_count_in_their_order()
    {
        await Committed(b =>
        {
            b.Timers.Add(new NewTimer(Alice, "kept", Due: null, Message: null, "timer"));
            b.Timers.Add(new NewTimer(Alice, "kept", Now, Message("ring"), "timer"));
            b.Timers.Add(new NewTimer(Alice, "dropped", Now, Message("ring"), "timer"));
            b.Timers.Add(new NewTimer(Alice, "dropped", Due: null, Message: null, "timer"));
        });
        (await Work()).Timers.Select(t => t.Key.Name).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Timers_of_the_same_name_belong_to_their_actors()
    {
        await Committed(b =>
        {
            b.Timers.Add(new NewTimer(Alice, "alarm", Now, Message("hers"), "timer"));
            b.Timers.Add(new NewTimer(Bob, "alarm", Now, Message("his"), "timer"));
        });
        (await Work()).Timers.Select(t => Text(t.Message)).ShouldBe(["hers", "his"]);
    }

    [Fact]
    public async Task A_failed_timer_stays_with_an_attempt_more()
    {
        var timer = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b => b.FailedTimers.Add(timer.Key));
        (await Work()).Timers.ShouldHaveSingleItem().Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_is_ready_when_a_timer_is_due_and_the_next_one_is_known()
    {
        await Set("soon", TimeSpan.FromSeconds(1));
        await Set("later", TimeSpan.FromSeconds(2));
        var before = await Store.Turns.Ready([Shard, OtherShard], default);
        before.Shards.ShouldBeEmpty();
        before.NextTimer.ShouldBe(Now + TimeSpan.FromSeconds(1));
        (await Store.Turns.Ready([OtherShard], default)).NextTimer.ShouldBeNull();

        Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await Store.Turns.Ready([Shard, OtherShard], default);
        after.Shards.ShouldBe([Shard]);
        after.Now.ShouldBe(Now);
        after.NextTimer.ShouldBe(Now + TimeSpan.FromSeconds(1));
    }

    private Task Set(string name, TimeSpan after) =>
        Committed(b => b.Timers.Add(new NewTimer(Alice, name, Now + after, Message("ring"), "timer")));
}

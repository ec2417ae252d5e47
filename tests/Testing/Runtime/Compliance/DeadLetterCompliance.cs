using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class DeadLetterCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly RequestId Request = RequestId.Parse("request-1");

    [Fact]
    public async Task A_dead_letter_is_listed_as_it_was_set_aside()
    {
        await Send(Mail("bad", Alice, Bob));
        var mail = await SetAside(suspends: true);
        (await Store.DeadLetters.List(default)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            d => (d.Id, d.To, d.From, Text(d.Message), d.Cause, d.Request, d.Error, d.Suspends, d.At)
                .ShouldBe((mail.Id, Alice, Bob, "bad", "cause of bad", null, "because", true, Now)));
        (await Work()).Mail.ShouldBeEmpty();
    }

    [Fact]
    public async Task They_are_listed_page_by_page_and_those_that_suspend_by_themselves()
    {
        await Send(Mail("a", Alice, Bob), Mail("b", Bob, Alice), Mail("c", Alice, Bob));
        var mail = (await Work()).Mail;
        await Committed(b =>
        {
            foreach (var bad in mail)
            {
                b.Consumed.Add(bad.Id);
                b.DeadLetters.Add(Letter(bad, suspends: bad.To == Bob));
            }
        });
        (await Listed(0, 2, false)).ShouldBe(["a", "b"]);
        (await Listed(mail[1].Id, 2, false)).ShouldBe(["c"]);
        (await Listed(0, 2, true)).ShouldBe(["b"]);
        (await Listed(mail[1].Id, 2, true)).ShouldBeEmpty();

        async Task<IEnumerable<string>> Listed(long after, int limit, bool suspendingOnly) =>
            (await Store.DeadLetters.List(after, limit, suspendingOnly, default)).Select(l => Text(l.Message));
    }

    [Fact]
    public async Task A_suspended_actor_waits_with_its_mail_and_timers_and_nobody_else_does()
    {
        await Send(Mail("bad"), Mail("next"), Mail("other", Bob));
        await SetAside(suspends: true);
        await Committed(b => b.Timers.Add(new NewTimer(Alice, "alarm", Now, Message("ring"), "timer")));
        var work = await Work();
        work.Mail.Select(m => Text(m.Message)).ShouldBe(["other"]);
        work.Timers.ShouldBeEmpty();
        work.Suspended.ShouldBe([Alice]);
        await Committed(b => b.Consumed.Add(work.Mail[0].Id));
        (await Store.Turns.Ready([Shard], default)).Shards.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_timer_of_a_suspended_actor_does_not_hide_the_next_one()
    {
        await Send(Mail("bad"));
        await SetAside(suspends: true);
        await Committed(b =>
        {
            b.Timers.Add(new NewTimer(Alice, "alarm", Now, Message("ring"), "timer"));
            b.Timers.Add(new NewTimer(Bob, "alarm", Now + Lifetime, Message("ring"), "timer"));
        });
        (await Store.Turns.Ready([Shard], default)).NextTimer.ShouldBe(Now + Lifetime);
    }

    [Fact]
    public async Task One_from_the_edge_suspends_nobody()
    {
        await Store.Requests.Submit(new NewRequest(Request, "hash", Alice, Shard, Message("bad"), Now + Lifetime), default);
        await Send(Mail("next"));
        await SetAside(suspends: false);
        (await Texts()).ShouldBe(["next"]);
        (await Store.DeadLetters.List(default)).ShouldHaveSingleItem().Request.ShouldBe(Request);
    }

    [Fact]
    public async Task Retried_it_comes_before_what_came_after_it_with_no_attempt_counted()
    {
        await Send(Mail("bad", Alice, Bob), Mail("next"));
        await Store.Turns.CountAttempts(Lease, [(await Work()).Mail[0].Id], [], default);
        var mail = await SetAside(suspends: true);
        (await Store.DeadLetters.Retry(mail.Id, default)).ShouldBeTrue();
        (await Texts()).ShouldBe(["bad", "next"]);
        var again = (await Work()).Mail[0];
        again.ShouldBe(mail with { Attempts = 0, Message = again.Message });
        (await Store.DeadLetters.List(default)).ShouldBeEmpty();
        (await Store.Turns.Ready([Shard], default)).Shards.ShouldBe([Shard]);
    }

    [Fact]
    public async Task Discarded_it_is_gone_and_its_actor_goes_on()
    {
        await Send(Mail("bad"), Mail("next"));
        var mail = await SetAside(suspends: true);
        (await Store.DeadLetters.Discard(mail.Id, default)).ShouldBeTrue();
        (await Texts()).ShouldBe(["next"]);
        (await Store.DeadLetters.List(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_gone_cannot_be_retried_nor_discarded()
    {
        await Send(Mail("bad"));
        var mail = await SetAside(suspends: true);
        await Store.DeadLetters.Discard(mail.Id, default);
        (await Store.DeadLetters.Retry(mail.Id, default)).ShouldBeFalse();
        (await Store.DeadLetters.Discard(mail.Id, default)).ShouldBeFalse();
        (await Work()).Mail.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_request_settles_one_once_though_it_is_set_aside_again()
    {
        await Send(Mail("bad"));
        var mail = await SetAside(suspends: true);
        var asked = Asked("retry");
        (await Store.DeadLetters.Settle(mail.Id, LetterFate.Retried, asked, default)).ShouldBe(new SubmitOutcome.Accepted());
        await SetAside(suspends: true);
        (await Store.DeadLetters.Settle(mail.Id, LetterFate.Retried, asked, default)).ShouldBe(new SubmitOutcome.Decided(asked.Reply));
        (await Store.DeadLetters.Settle(mail.Id, LetterFate.Discarded, asked with { Hash = "other" }, default)).ShouldBe(new SubmitOutcome.Mismatch());
        (await Store.DeadLetters.List(default)).ShouldHaveSingleItem();
        (await Work()).Mail.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_for_one_that_is_gone_is_not_kept()
    {
        (await Store.DeadLetters.Settle(99, LetterFate.Discarded, Asked("discard"), default)).ShouldBeNull();
        (await Store.Requests.FindReply(RequestId.Parse("discard"), default)).ShouldBeNull();
        await Send(Mail("bad"));
        (await Store.DeadLetters.Settle((await SetAside(suspends: true)).Id, LetterFate.Discarded, Asked("discard"), default)).ShouldBe(new SubmitOutcome.Accepted());
    }

    [Fact]
    public async Task Of_many_that_settle_one_at_once_one_does()
    {
        await Send(Mail("bad"));
        var mail = await SetAside(suspends: true);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(async () => await Store.DeadLetters.Settle(
            mail.Id, n % 2 == 0 ? LetterFate.Retried : LetterFate.Discarded, Asked($"settle-{n / 2}") with { Hash = $"{n % 2}" }, default))));
        outcomes.Count(o => o is SubmitOutcome.Accepted).ShouldBe(1);
        (await Store.DeadLetters.List(default)).ShouldBeEmpty();
        (await Work()).Mail.Count.ShouldBe(Array.FindIndex(outcomes, o => o is SubmitOutcome.Accepted) % 2 == 0 ? 1 : 0);
    }

    [Fact]
    public async Task An_actor_with_two_dead_letters_waits_for_both()
    {
        await Send(Mail("bad"), Mail("worse"), Mail("next"));
        var mail = (await Work()).Mail;
        await Committed(b =>
        {
            foreach (var bad in mail.Take(2))
            {
                b.Consumed.Add(bad.Id);
                b.DeadLetters.Add(Letter(bad, suspends: true));
            }
        });
        await Store.DeadLetters.Discard(mail[0].Id, default);
        (await Work()).Mail.ShouldBeEmpty();
        await Store.DeadLetters.Discard(mail[1].Id, default);
        (await Texts()).ShouldBe(["next"]);
    }

    [Fact]
    public async Task What_a_timer_delivered_gets_an_id_and_becomes_mail_when_it_is_retried()
    {
        var timer = await SetTimer("alarm", TimeSpan.FromSeconds(1));
        await Committed(b =>
        {
            b.Fired.Add(timer.Key);
            b.DeadLetters.Add(new DeadLetter(0, Alice, From: null, timer.Message, timer.Cause, Request: null, "because", Suspends: true, Now));
        });
        var letter = (await Store.DeadLetters.List(default)).ShouldHaveSingleItem();
        letter.Id.ShouldBeGreaterThan(0);
        await Store.DeadLetters.Retry(letter.Id, default);
        (await Texts()).ShouldBe(["ring"]);
        (await Work()).Timers.ShouldBeEmpty();
    }

    private DecidedRequest Asked(string id) => new(RequestId.Parse(id), "hash", new StoredReply(ReplyStatus.Ok, Body: null, Message: null), Now, Now + Lifetime);

    private static DeadLetter Letter(Mail mail, bool suspends) =>
        new(mail.Id, mail.To, mail.From, mail.Message, mail.Cause, mail.Request, "because", suspends, new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero));

    private async Task<Mail> SetAside(bool suspends)
    {
        var mail = (await Work()).Mail[0];
        await Committed(b =>
        {
            b.Consumed.Add(mail.Id);
            b.DeadLetters.Add(Letter(mail, suspends));
        });
        return mail;
    }
}

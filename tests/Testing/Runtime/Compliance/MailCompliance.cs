using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class MailCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Mail_is_read_in_the_order_in_which_it_was_sent_as_it_was_sent()
    {
        await Send(Mail("1", Alice, Bob), Mail("2"), Mail("3", Bob));
        await Send(Mail("4"));
        var mail = (await Work()).Mail;
        mail.Select(m => Text(m.Message)).ShouldBe(["1", "2", "3", "4"]);
        mail.Select(m => m.Id).ShouldBeInOrder();
        (mail[0].To, mail[0].From, mail[0].Cause, mail[0].Attempts, mail[0].Request).ShouldBe((Alice, Bob, "cause of 1", 0, null));
        (mail[0].Message.Type, mail[0].Message.SchemaVersion).ShouldBe(("Said", 1));
    }

    [Fact]
    public async Task Mail_goes_to_the_shard_of_its_receiver()
    {
        await Send(Mail("here"), Mail("there", Bob) with { Shard = OtherShard });
        (await Texts()).ShouldBe(["here"]);
        Text((await Work(OtherShard)).Mail.ShouldHaveSingleItem().Message).ShouldBe("there");
    }

    [Fact]
    public async Task Consumed_mail_is_gone_and_its_id_is_not_used_again()
    {
        await Send(Mail("1"));
        var first = (await Work()).Mail.Single().Id;
        await Committed(b => b.Consumed.Add(first));
        (await Work()).Mail.ShouldBeEmpty();
        await Send(Mail("2"));
        (await Work()).Mail.Single().Id.ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task Of_each_actor_as_much_is_read_as_was_asked_for()
    {
        await Send([.. Enumerable.Range(0, 50).Select(i => Mail($"a{i}")), Mail("b0", Bob), Mail("b1", Bob)]);
        var deep = await Store.Turns.ReadWork(Shard, 2, 4, default);
        deep.Mail.Select(m => Text(m.Message)).ShouldBe(["a0", "a1", "b0", "b1"]);
        var all = await Store.Turns.ReadWork(Shard, 3, 1000, default);
        all.Mail.Select(m => Text(m.Message)).ShouldBe(["a0", "a1", "a2", "b0", "b1"]);
        var few = await Store.Turns.ReadWork(Shard, 10, 3, default);
        few.Mail.Select(m => Text(m.Message)).ShouldBe(["a0", "a1", "a2"]);
    }

    [Fact]
    public async Task No_mail_has_a_higher_id_than_the_newest()
    {
        (await Work()).NewestMail.ShouldBe(0);
        await Send(Mail("1"), Mail("2"));
        var work = await Work();
        work.NewestMail.ShouldBe(work.Mail[^1].Id);
    }

    [Fact]
    public async Task Failed_mail_stays_with_an_attempt_more()
    {
        await Send(Mail("1"));
        var id = (await Work()).Mail.Single().Id;
        await Committed(b => b.FailedMail.Add(id));
        await Committed(b => b.FailedMail.Add(id));
        (await Work()).Mail.Single().Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task Shards_with_mail_are_ready_if_they_were_asked_for()
    {
        (await Store.Turns.Ready([Shard, OtherShard], default)).Shards.ShouldBeEmpty();
        await Send(Mail("1"));
        (await Store.Turns.Ready([Shard, OtherShard], default)).Shards.ShouldBe([Shard]);
        (await Store.Turns.Ready([OtherShard], default)).Shards.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_is_counted_in_all_shards_and_no_further_than_asked()
    {
        (await Store.Turns.Waiting(10, default)).ShouldBe(0);
        await Send(Mail("1"), Mail("2", Bob), Mail("3"));
        (await Store.Turns.Waiting(10, default)).ShouldBe(3);
        (await Store.Turns.Waiting(2, default)).ShouldBe(2);
        var mail = (await Work()).Mail;
        await Committed(b => b.Consumed.AddRange(mail.Select(m => m.Id)));
        (await Store.Turns.Waiting(10, default)).ShouldBe(0);
    }

    [Fact]
    public async Task States_are_loaded_as_they_were_written_last()
    {
        await Committed(b => b.States.Add((Image(1, text: "one"), 0)));
        await Committed(b => b.States.Add((Image(3, text: "three"), 1)));
        var state = (await Store.Turns.LoadStates(Shard, [Alice, Bob], default)).ShouldHaveSingleItem();
        (state.Actor, state.Revision, state.SchemaVersion, System.Text.Encoding.UTF8.GetString(state.Body)).ShouldBe((Alice, 3, 1, "three"));
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing_and_keep_their_order()
    {
        var other = (await Take(OtherShard, 0, Second)).ShouldNotBeNull();
        await Task.WhenAll(Task.Run(() => Write(Lease, Bob)), Task.Run(() => Write(other, Alice)));
        var mail = (await Store.Turns.ReadWork(Shard, 1000, 1000, default)).Mail;
        foreach (var sender in new[] { Alice, Bob })
        {
            mail.Where(m => m.From == sender).Select(m => Text(m.Message)).ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
        }

        async Task Write(Lease lease, ActorId from)
        {
            for (var i = 0; i < 50; i++)
            {
                await Committed(b => b.Sends.Add(Mail($"{i}", Alice, from)), lease);
            }
        }
    }

    [Fact]
    public async Task Of_two_writers_of_one_revision_one_wins()
    {
        await Committed(b => b.States.Add((Image(1), 0)));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Commit(b => b.States.Add((Image(2), 1))))));
        outcomes.Count(o => o == CommitOutcome.Committed).ShouldBe(1);
        outcomes.Count(o => o == CommitOutcome.Stale).ShouldBe(7);
    }
}

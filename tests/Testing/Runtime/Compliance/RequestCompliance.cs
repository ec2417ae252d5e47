using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

public abstract class RequestCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    private static readonly RequestId Id = RequestId.Parse("request-1");

    [Fact]
    public async Task A_new_request_puts_its_message_into_the_mailbox()
    {
        (await Submit()).ShouldBe(new SubmitOutcome.Accepted());
        var mail = (await Work()).Mail.ShouldHaveSingleItem();
        (mail.To, mail.From, Text(mail.Message), mail.Cause, mail.Request).ShouldBe((Alice, null, "asked", "request:request-1", Id));
        (await Store.Requests.FindReply(Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Asking_again_puts_nothing_there_a_second_time()
    {
        await Submit();
        (await Submit()).ShouldBe(new SubmitOutcome.Pending());
        (await Work()).Mail.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_decided_request_gets_its_reply_again_and_again()
    {
        await Submit();
        await Reply(new StoredReply(ReplyStatus.Ok, [1, 2], Message: null));
        for (var i = 0; i < 2; i++)
        {
            var reply = (await Submit()).ShouldBeOfType<SubmitOutcome.Decided>().Reply;
            (reply.Status, reply.Message).ShouldBe((ReplyStatus.Ok, null));
            reply.Body.ShouldBe([1, 2]);
        }

        (await Work()).Mail.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refusal_is_kept_as_it_was_said()
    {
        await Submit();
        await Reply(new StoredReply(ReplyStatus.FailedPrecondition, Body: null, "It is held."));
        (await Store.Requests.FindReply(Id, default)).ShouldBe(new StoredReply(ReplyStatus.FailedPrecondition, Body: null, "It is held."));
    }

    [Fact]
    public async Task A_request_that_needs_no_turn_is_recorded_once_with_its_reply()
    {
        var reply = new StoredReply(ReplyStatus.Ok, [1, 2], Message: null);
        (await Store.Requests.Record(Decided(reply), default)).ShouldBe(new SubmitOutcome.Accepted());
        var again = (await Store.Requests.Record(Decided(new StoredReply(ReplyStatus.NotFound, Body: null, "gone")), default)).ShouldBeOfType<SubmitOutcome.Decided>().Reply;
        (again.Status, again.Message).ShouldBe((ReplyStatus.Ok, null));
        again.Body.ShouldBe([1, 2]);
        (await Store.Requests.Record(Decided(reply, "other"), default)).ShouldBe(new SubmitOutcome.Mismatch());
        (await Submit("hash")).ShouldBeOfType<SubmitOutcome.Decided>();
        (await Store.Requests.Find(Id, "hash", default)).ShouldBeOfType<SubmitOutcome.Decided>();
        (await Store.Requests.Find(Id, "other", default)).ShouldBe(new SubmitOutcome.Mismatch());
        (await Store.Requests.Find(RequestId.Parse("none"), "hash", default)).ShouldBeNull();
        (await Work()).Mail.ShouldBeEmpty();
        Clock.Advance(Lifetime + TimeSpan.FromTicks(1));
        (await Store.Requests.Expire(Now, Lifetime, 10, default)).ShouldBe(1);
        (await Store.Requests.Record(Decided(reply, "other"), default)).ShouldBe(new SubmitOutcome.Accepted());
    }

    [Fact]
    public async Task What_was_submitted_is_not_recorded()
    {
        await Submit();
        (await Store.Requests.Record(Decided(new StoredReply(ReplyStatus.Ok, Body: null, Message: null)), default)).ShouldBe(new SubmitOutcome.Pending());
        (await Store.Requests.Find(Id, "hash", default)).ShouldBe(new SubmitOutcome.Pending());
        (await Store.Requests.FindReply(Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_first_reply_stays()
    {
        await Submit();
        await Reply(new StoredReply(ReplyStatus.Ok, Body: null, Message: null));
        await Reply(new StoredReply(ReplyStatus.NotFound, Body: null, "no"));
        (await Store.Requests.FindReply(Id, default))!.Status.ShouldBe(ReplyStatus.Ok);
    }

    [Fact]
    public async Task A_reply_to_no_request_goes_nowhere()
    {
        await Reply(new StoredReply(ReplyStatus.Ok, Body: null, Message: null));
        (await Store.Requests.FindReply(Id, default)).ShouldBeNull();
        (await Submit()).ShouldBe(new SubmitOutcome.Accepted());
    }

    [Fact]
    public async Task The_same_id_for_something_else_is_refused()
    {
        await Submit();
        (await Submit("other hash")).ShouldBe(new SubmitOutcome.Mismatch());
        await Reply(new StoredReply(ReplyStatus.Ok, Body: null, Message: null));
        (await Submit("other hash")).ShouldBe(new SubmitOutcome.Mismatch());
        (await Work()).Mail.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Only_answered_requests_that_expired_are_forgotten()
    {
        await Submit();
        Clock.Advance(Lifetime * 2);
        (await Store.Requests.Expire(Now, TimeSpan.Zero, 10, default)).ShouldBe(0);
        (await Submit()).ShouldBe(new SubmitOutcome.Pending());
        await Reply(new StoredReply(ReplyStatus.Ok, Body: null, Message: null));
        Clock.Advance(TimeSpan.FromTicks(1));
        (await Store.Requests.Expire(Now - (Lifetime * 2), TimeSpan.Zero, 10, default)).ShouldBe(0);
        (await Store.Requests.Expire(Now, TimeSpan.Zero, 10, default)).ShouldBe(1);
        (await Store.Requests.FindReply(Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Asked_twice_at_once_it_is_accepted_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Submit())));
        outcomes.Count(o => o is SubmitOutcome.Accepted).ShouldBe(1);
        (await Work()).Mail.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Taken_up_by_a_batch_it_is_known_with_its_reply_and_lay_in_no_mailbox()
    {
        await Committed(b =>
        {
            b.Requests.Add(Asked());
            b.Replies.Add((Id, new StoredReply(ReplyStatus.FailedPrecondition, Body: null, "It is held.")));
            b.Replies.Add((Id, new StoredReply(ReplyStatus.Ok, [1], Message: null)));
        });
        (await Work()).Mail.ShouldBeEmpty();
        (await Submit()).ShouldBe(new SubmitOutcome.Decided(new StoredReply(ReplyStatus.FailedPrecondition, Body: null, "It is held.")));
        (await Submit("other hash")).ShouldBe(new SubmitOutcome.Mismatch());
        (await Store.Requests.Expire(Now + (Lifetime * 2), TimeSpan.Zero, 10, default)).ShouldBe(1);
    }

    [Fact]
    public async Task Taken_up_without_a_reply_it_is_pending_until_a_later_turn_answers_it()
    {
        await Committed(b => b.Requests.AddRange([Asked("b"), Asked("a")]));
        (await Store.Requests.Submit(Asked("a"), default)).ShouldBe(new SubmitOutcome.Pending());
        await Committed(b => b.Replies.Add((Toys.Request("a"), new StoredReply(ReplyStatus.Ok, [7], Message: null))));
        (await Store.Requests.FindReply(Toys.Request("a"), default)).ShouldNotBeNull().Body.ShouldBe([7]);
        (await Store.Requests.FindReply(Toys.Request("b"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_batch_that_takes_up_what_is_known_changes_nothing_and_its_shard_goes_on()
    {
        await Submit();
        var before = await Dump();
        (await Commit(b => Everything(b, Asked("new"), Asked("request-1")))).ShouldBe(CommitOutcome.RequestKnown);
        (await Commit(b => Everything(b, Asked("new"), Asked("new")))).ShouldBe(CommitOutcome.RequestKnown);
        (await Dump()).ShouldBe(before);
        (await Commit(b => Everything(b, Asked("new")))).ShouldBe(CommitOutcome.Committed);
    }

    [Fact]
    public async Task Taken_up_and_submitted_at_once_it_is_accepted_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var request = Asked($"round-{round}");
            var takenUp = Task.Run(async () => await Commit(b => b.Requests.Add(request)));
            var submitted = Task.Run(async () => await Store.Requests.Submit(request, default));
            (await takenUp == CommitOutcome.Committed).ShouldBe(await submitted is SubmitOutcome.Pending);
            (await Work()).Mail.Count(m => m.Request == request.Id).ShouldBe(await submitted is SubmitOutcome.Accepted ? 1 : 0);
        }
    }

    private Task<string> Dump() => StoreDump.Of(Store, [Shard], [Alice], [Id, RequestId.Parse("new")], []);

    private DecidedRequest Decided(StoredReply reply, string hash = "hash") => new(Id, hash, reply, Now, Now + Lifetime);

    private NewRequest Asked(string id = "request-1") => new(RequestId.Parse(id), "hash", Alice, Shard, Message("asked"), Now + Lifetime);

    private static void Everything(TurnBatch batch, params NewRequest[] requests)
    {
        batch.Requests.AddRange(requests);
        batch.States.Add((Image(1), 0));
        batch.Journal.Add(new NewJournalEntry(Alice, 1, Message("entry"), "cause"));
        batch.Sends.Add(Mail("sent", from: Alice));
        batch.Replies.Add((requests[0].Id, new StoredReply(ReplyStatus.Ok, [1], Message: null)));
    }

    private ValueTask<SubmitOutcome> Submit(string hash = "hash") =>
        Store.Requests.Submit(new NewRequest(Id, hash, Alice, Shard, Message("asked"), Now + Lifetime), default);

    private Task Reply(StoredReply reply) => Committed(b => b.Replies.Add((Id, reply)));
}

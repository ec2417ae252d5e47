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
        (await Store.Requests.Expire(Now, default)).ShouldBe(0);
        (await Submit()).ShouldBe(new SubmitOutcome.Pending());
        await Reply(new StoredReply(ReplyStatus.Ok, Body: null, Message: null));
        (await Store.Requests.Expire(Now - (Lifetime * 2), default)).ShouldBe(0);
        (await Store.Requests.Expire(Now, default)).ShouldBe(1);
        (await Store.Requests.FindReply(Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Asked_twice_at_once_it_is_accepted_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Submit())));
        outcomes.Count(o => o is SubmitOutcome.Accepted).ShouldBe(1);
        (await Work()).Mail.ShouldHaveSingleItem();
    }

    private ValueTask<SubmitOutcome> Submit(string hash = "hash") =>
        Store.Requests.Submit(new NewRequest(Id, hash, Alice, Shard, Message("asked"), Now + Lifetime), default);

    private Task Reply(StoredReply reply) => Committed(b => b.Replies.Add((Id, reply)));
}

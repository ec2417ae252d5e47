using System.Text;
using Latecomer.Node.Hints;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Node.Hints;

/// <summary>To whom hints go, what waits, and what is believed.</summary>
public sealed class HintFacts
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly NodeRegistration Self = Node(1, "http://self:1");
    private static readonly NodeRegistration Other = Node(2, "http://other:1");
    private static readonly NodeRegistration Third = Node(3, "http://third:1");

    [Fact]
    public void Mail_is_told_to_the_owner_of_its_shard_alone() =>
        Seen(Live(Self), Live(Other), Live(Third)).For(new Hint.MailArrived(new ShardId(2))).ShouldBe([new Uri("http://other:1")]);

    [Fact]
    public void Of_mail_for_a_shard_of_this_process_or_of_nobody_no_other_is_told()
    {
        var routes = Seen(Live(Self), Live(Other));
        routes.For(new Hint.MailArrived(new ShardId(1))).ShouldBeEmpty();
        routes.For(new Hint.MailArrived(new ShardId(99))).ShouldBeEmpty();
    }

    [Fact]
    public void A_decision_is_told_to_all_others_that_live() =>
        Seen(Live(Self), Live(Other), new NodeStatus(Third, Now, Now, Draining: false)).For(new Hint.ReplyDecided(RequestId.Parse("r"))).ShouldBe([new Uri("http://other:1")]);

    [Fact]
    public void Who_watches_the_journal_is_told_to_all_others_and_its_growth_to_nobody_else()
    {
        var routes = Seen(Live(Self), Live(Other));
        routes.For(new Hint.JournalWatched(new Uri("http://self:1"))).ShouldBe([new Uri("http://other:1")]);
        routes.For(new Hint.JournalGrew(new ShardId(2))).ShouldBeEmpty();
    }

    [Fact]
    public void What_runs_where_the_shard_is_is_told_to_no_other() =>
        Seen(Live(Self), Live(Other)).For(new Hint.ActivityStarted(new ShardId(2))).ShouldBeEmpty();

    [Fact]
    public void A_node_without_a_usable_address_is_told_nothing() =>
        Seen(Live(Self), Live(Node(2, "")), Live(Node(3, "ftp://x"))).Others.ShouldBeEmpty();

    [Fact]
    public void The_same_mail_waits_once_and_is_sent_once()
    {
        var pending = new PendingHints();
        pending.Add(new Hint.MailArrived(new ShardId(7))).ShouldBeTrue();
        pending.Add(new Hint.MailArrived(new ShardId(7))).ShouldBeTrue();
        pending.Take().ShouldNotBeNull().Mail.ShouldBe([7]);
        pending.Take().ShouldBeNull();
    }

    [Fact]
    public void What_is_too_much_for_a_batch_goes_with_the_next_and_what_is_far_too_much_is_forgotten()
    {
        var pending = new PendingHints();
        var taken = Enumerable.Range(0, 20 * HintBatch.MostReplies).Count(n => pending.Add(new Hint.ReplyDecided(RequestId.Parse($"r{n}"))));
        taken.ShouldBe(10 * HintBatch.MostReplies);
        pending.Take().ShouldNotBeNull().Replies.Count.ShouldBe(HintBatch.MostReplies);
        pending.Take().ShouldNotBeNull().Replies[0].ShouldBe($"r{HintBatch.MostReplies}");
    }

    [Fact]
    public void A_full_batch_is_not_too_large_for_its_receiver()
    {
        var longest = new string('\u00e9', RequestId.MaxLength);
        new HintBatch([.. Enumerable.Range(0, 300)], [.. Enumerable.Repeat(longest, HintBatch.MostReplies)], Cancel: true, Placement: true)
            .Write().Length.ShouldBeLessThan(HintBatch.MostBytes);
    }

    [Fact]
    public void Hints_come_out_as_they_went_in()
    {
        Hint[] hints = [new Hint.MailArrived(new ShardId(3)), new Hint.ReplyDecided(RequestId.Parse("r")), new Hint.JournalGrew(new ShardId(9)), new Hint.JournalWatched(new Uri("http://other:1/")), new Hint.CancelRequested(), new Hint.PlacementChanged()];
        var pending = new PendingHints();
        hints.ShouldAllBe(h => pending.Add(h));
        HintBatch.Read(pending.Take()!.Write()).Hints().ShouldBe(hints);
    }

    [Fact]
    public void What_a_newer_build_says_besides_is_left()
    {
        var batch = HintBatch.Read("""{"mail":[1],"replies":[],"weather":"fair"}"""u8);
        batch.Hints().ShouldBe([new Hint.MailArrived(new ShardId(1))]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"mail":["x"],"replies":[]}""")]
    public void What_is_no_hints_is_refused(string body) => Should.Throw<FormatException>(() => HintBatch.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_proof_fits_its_body_and_its_secret_alone()
    {
        var secret = new ClusterSecret([1, 2, 3]);
        var proof = secret.Prove("body"u8);
        secret.IsProof(proof, "body"u8).ShouldBeTrue();
        secret.IsProof(proof, "Body"u8).ShouldBeFalse();
        new ClusterSecret([1, 2, 4]).IsProof(proof, "body"u8).ShouldBeFalse();
        secret.IsProof(null, "body"u8).ShouldBeFalse();
        secret.IsProof(proof[..^2], "body"u8).ShouldBeFalse();
        secret.IsProof(new string('z', proof.Length), "body"u8).ShouldBeFalse();
    }

    private static Routes Seen(params NodeStatus[] nodes) => Routes.Of(
        Self.Incarnation, new PlacementView(nodes, [.. nodes.Select(n => n.Registration).Select((n, i) => new ShardOwnership(new ShardId(i + 1), 1, n.Incarnation))], Now));

    private static NodeStatus Live(NodeRegistration node) => new(node, Now, Now.AddSeconds(4), Draining: false);

    private static NodeRegistration Node(int number, string address) => new(new Incarnation(new Guid(number, 0, 0, new byte[8])), $"n{number}", address, "1");
}

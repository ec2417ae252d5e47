using Latecomer.Node.Watching;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Node.Watching;

/// <summary>Places in the journal as tokens.</summary>
public sealed class JournalPlaceTests
{
    private const int Shards = 258;

    private static readonly Guid Journal = Guid.Parse("0a0b0c0d-0000-0000-0000-000000000001");

    [Fact]
    public void A_token_says_where_each_shard_is()
    {
        var place = Place((0, 1), (1, 127), (2, 128), (7, 5_000_000_000), (256, long.MaxValue));
        var read = JournalPlace.Parse(place.ToToken(Journal), Journal, Shards);
        Enumerable.Range(0, Shards).ShouldAllBe(s => read[new ShardId(s)] == place[new ShardId(s)]);
        read.ToToken(Journal).ShouldBe(place.ToToken(Journal));
    }

    [Fact]
    public void Places_of_any_kind_are_read_as_they_were_written()
    {
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var place = Place([.. Enumerable.Range(0, Shards).Where(_ => random.Next(4) > round % 4).Select(s => (s, random.NextInt64(1L << random.Next(1, 62))))]);
            var read = JournalPlace.Parse(place.ToToken(Journal), Journal, Shards);
            Enumerable.Range(0, Shards).ShouldAllBe(s => read[new ShardId(s)] == place[new ShardId(s)]);
        }
    }

    [Fact]
    public void Where_little_happened_it_is_short_and_where_much_did_about_a_kilobyte()
    {
        Place((3, 9)).ToToken(Journal).Length.ShouldBeLessThan(40);
        Place([.. Enumerable.Range(0, Shards).Select(s => (s, 2_000_000L))]).ToToken(Journal).Length.ShouldBeInRange(1000, 1100);
    }

    [Fact]
    public void A_program_with_more_shards_reads_what_one_with_fewer_wrote()
    {
        var read = JournalPlace.Parse(Place((3, 9)).ToToken(Journal), Journal, Shards + 1);
        (read[new ShardId(3)], read[new ShardId(Shards)]).ShouldBe((9, 0));
        Refused(JournalPlace.At([new JournalHead(new ShardId(Shards), 1)], Shards + 1).ToToken(Journal)).ShouldContain("a newer build");
    }

    [Fact]
    public void A_token_of_another_journal_is_refused() =>
        Refused(Place((3, 9)).ToToken(Guid.Parse("0a0b0c0d-0000-0000-0000-000000000002"))).ShouldContain("another cluster");

    [Theory]
    [InlineData("x")]
    [InlineData("not a token")]
    [InlineData("AAAA")]
    public void What_is_no_token_is_refused(string token) => Refused(token).ShouldContain("not one that a watch gave");

    [Fact]
    public void A_token_that_was_changed_anywhere_is_refused()
    {
        var token = Place((0, 1), (9, 77_000)).ToToken(Journal);
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Refused(changed).ShouldContain("not one that a watch gave");
        }

        Refused(token[..^2]).ShouldContain("not one that a watch gave");
    }

    [Fact]
    public void A_place_is_ahead_of_another_if_it_is_in_any_shard()
    {
        Place((1, 5), (2, 5)).IsAheadOf(Place((1, 5), (2, 5))).ShouldBeFalse();
        Place((1, 6)).IsAheadOf(Place((1, 5), (2, 5))).ShouldBeTrue();
        Place((1, 5)).IsAheadOf(Place((1, 5), (2, 5))).ShouldBeFalse();
    }

    private static string Refused(string token) => Should.Throw<FormatException>(() => JournalPlace.Parse(token, Journal, Shards)).Message;

    private static JournalPlace Place(params (int Shard, long Position)[] heads) => JournalPlace.At(heads.Select(h => new JournalHead(new ShardId(h.Shard), h.Position)), Shards);
}

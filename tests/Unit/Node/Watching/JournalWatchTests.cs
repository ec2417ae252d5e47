using System.Collections.Immutable;
using Latecomer.Grpc;
using Latecomer.Node.Watching;

namespace Latecomer.Tests.Unit.Node.Watching;

/// <summary>Following the journal: each turn once, whole, from whatever place.</summary>
public sealed class JournalWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly WrittenJournal _journal = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private Guid _name;

    public async Task InitializeAsync() => _name = await _journal.Store.Journal.Identity(default);

    public async Task DisposeAsync()
    {
        await _journal.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task It_begins_now_and_goes_on_with_what_comes()
    {
        await _journal.Turn(1);
        await using var watch = await Begun();
        watch.Current.Turns.ShouldBeEmpty();
        await _journal.Turn(1);
        await _journal.Turn(2);
        (await Seen(watch, turns: 2)).ShouldBe(Told(("orders/2026-01-01T00:00:00Z", "2"), ("orders/2026-01-02T00:00:00Z", "1")));
    }

    [Fact]
    public async Task It_goes_on_after_a_token_whatever_came_in_between()
    {
        await _journal.Turn(1);
        string token;
        await using (var watch = await Begun())
        {
            await _journal.Turn(1);
            await Seen(watch, turns: 1);
            token = watch.Current.Place.ToToken(_name);
        }

        _journal.Tail.IsHeard.ShouldBeFalse();
        await _journal.Turn(1);
        await _journal.Turn(2);
        await using var again = await Begun(token);
        await _journal.Turn(2);
        (await Seen(again, turns: 3)).ShouldBe(Told(("orders/2026-01-01T00:00:00Z", "3"), ("orders/2026-01-02T00:00:00Z", "1 2")));
    }

    [Fact]
    public async Task A_token_never_cuts_a_turn_however_many_entries_it_has()
    {
        await using var live = await Begun();
        var token = live.Current.Place.ToToken(_name);
        await _journal.Turn(1, entries: 200);
        await _journal.Turn(1, entries: 2000);
        await _journal.Turn(1, entries: 256);
        await _journal.Turn(1, entries: 1);
        await using var resumed = await Begun(token);
        foreach (var watch in new[] { live, resumed })
        {
            var sizes = new List<int>();
            while (sizes.Count < 4)
            {
                (await watch.MoveNextAsync()).ShouldBeTrue();
                sizes.AddRange(watch.Current.Turns.Select(t => t.PartitionChanges.Length));
                var place = watch.Current.Place[WrittenJournal.Catalog.ShardOf(WrittenJournal.Partition(1))];
                new long[] { 0, 200, 2200, 2456, 2457 }.ShouldContain(place);
            }

            sizes.ShouldBe([200, 2000, 256, 1]);
        }
    }

    [Fact]
    public async Task One_that_does_not_keep_up_gets_all_from_the_store()
    {
        await using var slow = await Begun();
        await using var other = await Begun();

        // More than may wait for the slow one, each seen by the other before the next is written: so each is a batch of its own.
        for (var i = 0; i < 3 * Listener.MostWaiting; i++)
        {
            await _journal.Turn(1 + (i % 9));
            await Seen(other, turns: 1);
        }

        var days = Enumerable.Range(1, 9).ToArray();
        (await Seen(slow, turns: 3 * Listener.MostWaiting)).ShouldBe(_journal.Written(days));
        await _journal.Turn(1);
        (await Seen(slow, turns: 1)).Keys.ShouldBe(["orders/2026-01-01T00:00:00Z"]);
    }

    [Fact]
    public async Task Many_get_the_same_while_writers_go_on()
    {
        var watches = new List<IAsyncEnumerator<Passage>>();
        for (var i = 0; i < 50; i++)
        {
            watches.Add(await Begun());
        }

        var seen = watches.Select(w => Task.Run(() => Seen(w, turns: 900))).ToList();
        for (var i = 0; i < 900; i++)
        {
            await _journal.Turn(1 + (i % 30));
        }

        var written = _journal.Written([.. Enumerable.Range(1, 30)]);
        foreach (var told in await Task.WhenAll(seen))
        {
            told.ShouldBe(written);
        }

        foreach (var watch in watches)
        {
            await watch.DisposeAsync();
        }

        _journal.Tail.IsHeard.ShouldBeFalse();
    }

    [Fact]
    public async Task What_nobody_told_of_is_found_by_looking()
    {
        await using var watch = await Begun();
        await _journal.TurnUntold(4);
        (await Seen(watch, turns: 1)).Keys.ShouldBe(["orders/2026-01-04T00:00:00Z"]);
        _journal.Said.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_place_below_the_floor_is_out_of_range()
    {
        await using var watch = await Begun();
        var token = watch.Current.Place.ToToken(_name);
        for (var i = 0; i < 3; i++)
        {
            await _journal.Turn(1);
        }

        await _journal.Trim(1);
        await using var again = await Begun(token);
        (await Should.ThrowAsync<RpcException>(async () => await again.MoveNextAsync())).Status.Code.ShouldBe(StatusCode.OutOfRange);
    }

    [Fact]
    public async Task A_place_that_the_store_never_came_to_is_out_of_range()
    {
        var ahead = JournalPlace.At([new Latecomer.Runtime.JournalHead(new(3), 9)], _journal.Shards).ToToken(_name);
        (await Should.ThrowAsync<RpcException>(async () => await Begun(ahead))).Status.Code.ShouldBe(StatusCode.OutOfRange);
    }

    [Fact]
    public async Task While_nothing_happens_a_place_comes_all_the_same()
    {
        await using var watch = await Begun(quiet: TimeSpan.FromMilliseconds(20));
        (await watch.MoveNextAsync()).ShouldBeTrue();
        watch.Current.Turns.ShouldBeEmpty();
        (await watch.MoveNextAsync()).ShouldBeTrue();
        watch.Current.Turns.ShouldBeEmpty();
    }

    private static ImmutableSortedDictionary<string, string> Told(params (string Key, string Revisions)[] partitions) =>
        partitions.ToImmutableSortedDictionary(p => p.Key, p => p.Revisions, StringComparer.Ordinal);

    private async Task<IAsyncEnumerator<Passage>> Begun(string token = "", TimeSpan? quiet = null)
    {
        var watch = _journal.Watch.Follow(token, quiet ?? Long, _patience.Token).GetAsyncEnumerator(_patience.Token);
        (await watch.MoveNextAsync()).ShouldBeTrue();
        return watch;
    }

    /// <summary>Of each partition the revisions that come until there were so many turns.</summary>
    private static async Task<ImmutableSortedDictionary<string, string>> Seen(IAsyncEnumerator<Passage> watch, int turns)
    {
        var seen = new List<(string Key, long Revision)>();
        while (seen.Count < turns)
        {
            (await watch.MoveNextAsync()).ShouldBeTrue();
            seen.AddRange(watch.Current.Turns.Select(t => (t.Actor.Key, t.PartitionChanges[0].Revision)));
        }

        seen.Count.ShouldBe(turns);
        return seen.GroupBy(s => s.Key).ToImmutableSortedDictionary(g => g.Key, g => string.Join(' ', g.Select(s => s.Revision)), StringComparer.Ordinal);
    }
}

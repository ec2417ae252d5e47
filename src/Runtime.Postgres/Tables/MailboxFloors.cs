using System.Collections.Concurrent;

namespace Latecomer.Runtime.Postgres;

/// <summary>Of each shard a number below which its mailbox is empty for good, so that reads do not pass what was consumed and cannot be cleaned up yet, because
/// somebody's transaction still sees it.
/// <para>A number that merely was the lowest will not do: a transaction that drew a lower one may commit later. So every transaction that was given a number up to some
/// number must be over, and that is seen by transaction ids, which need no clock. Whoever draws a number of mail has an id already, because it has locked or written a row
/// before. Then, one after the other:</para>
/// <list type="number">
/// <item>the newest number is read;</item>
/// <item>a transaction id is drawn: whoever was given a number up to that one has a lower id (<see cref="FloorProof"/>);</item>
/// <item>in a snapshot that knows of no transaction under way with a lower id, what the mailbox has up to that number is all that it will ever have.</item>
/// </list>
/// <para>One thing comes back under its old number: a dead letter that is tried again. No floor passes one, and the same snapshot shows both.</para></summary>
/// <param name="look">Does all three in one round trip, the last one first, by what the question before proved.</param>
/// <param name="time">By which floors are looked for again, and are not trusted for long without.</param>
internal sealed class MailboxFloors(Func<FloorQuestion, CancellationToken, Task<FloorAnswer>> look, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, long> _floors = [];
    private FloorProof? _proof;
    private string? _server;
    private long _lookedAt;
    private long _answeredAt;
    private int _consumed;
    private int _isLooking;

    /// <summary>They are looked for again after so many messages were consumed.</summary>
    public int EveryMessages { get; init; } = 1000;

    /// <summary>They are looked for again after so long.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>They are not used when nothing was heard for so long: a server that took another's place, and lost numbers that were given, is not one
    /// whose mail they may hide.</summary>
    public TimeSpan Trusted { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For each of the shards the number up to which its mailbox is empty for good; 0 where none is known.</summary>
    public long[] Of(IReadOnlyList<int> shards)
    {
        LookIfDue();
        var trusted = time.GetElapsedTime(Volatile.Read(ref _answeredAt)) < Trusted;
        var floors = new long[shards.Count];
        for (var i = 0; i < floors.Length; i++)
        {
            var floor = _floors.GetOrAdd(shards[i], 0);
            floors[i] = trusted ? floor : 0;
        }

        return floors;
    }

    /// <summary>The shards that are known, each with its floor.</summary>
    public (int[] Shards, long[] Floors) All()
    {
        int[] shards = [.. _floors.Keys];
        return (shards, Of(shards));
    }

    /// <summary>So many messages were consumed.</summary>
    public void Count(int messages) => Interlocked.Add(ref _consumed, messages);

    /// <summary>Looks for them. Reads do not wait for it.</summary>
    public async Task Look()
    {
        Volatile.Write(ref _consumed, 0);
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        try
        {
            Take(await look(new FloorQuestion([.. _floors], _proof), CancellationToken.None));
        }
        catch (Exception fault) when (fault is StoreFaultException or ObjectDisposedException)
        {
            // Those that are known stay true; reads go on by them for as long as they are trusted.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private void LookIfDue()
    {
        var isDue = Volatile.Read(ref _consumed) >= EveryMessages || time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= Every;
        if (isDue && Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = Look();
        }
    }

    private void Take(FloorAnswer answer)
    {
        if (_server != answer.Server)
        {
            (_server, _proof) = (answer.Server, answer.Next);
            foreach (var shard in _floors.Keys)
            {
                _floors[shard] = 0;
            }
        }
        else if (answer.Floors.Count > 0)
        {
            _proof = answer.Next;
            foreach (var (shard, floor) in answer.Floors)
            {
                _floors[shard] = floor;
            }
        }
        else
        {
            // Somebody who was given one of its numbers is still under way; it is asked for again.
            _proof ??= answer.Next;
        }

        Volatile.Write(ref _answeredAt, time.GetTimestamp());
    }
}

/// <summary>Whoever was given a number up to <paramref name="Number"/> has a transaction id below <paramref name="Before"/>.</summary>
internal sealed record FloorProof(long Number, long Before);

/// <summary>A question for floors.</summary>
/// <param name="Floors">The shards that are known, each with the floor that it has.</param>
/// <param name="Proof">Up to which number floors may go, if the transactions that it names are over; null: none is known yet.</param>
internal sealed record FloorQuestion(IReadOnlyList<KeyValuePair<int, long>> Floors, FloorProof? Proof);

/// <summary>The answer to it.</summary>
/// <param name="Floors">The new floors of those and of all other shards; none if some of those transactions are under way.</param>
/// <param name="Next">What was proved this time, for the next question.</param>
/// <param name="Server">Which start of which server answered.</param>
internal sealed record FloorAnswer(IReadOnlyList<(int Shard, long Floor)> Floors, FloorProof Next, string Server);

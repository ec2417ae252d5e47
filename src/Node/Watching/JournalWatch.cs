using System.Runtime.CompilerServices;
using Latecomer.Grpc;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>Follows the journal from a place on: every turn after it once, those of an actor in order. Lives on the tail as long as it keeps up with it, and on the
/// store when it does not.</summary>
internal sealed class JournalWatch(IRuntimeStore store, JournalReader reader, JournalTail tail, int shards, TimeProvider time)
{
    private static readonly Status Removed = new(
        StatusCode.OutOfRange, "What the resume_token follows on was removed meanwhile, for the journal is not kept for ever: list again, and watch without a token.");

    private static readonly Status Lost = new(
        StatusCode.OutOfRange, "What the resume_token follows on is not in the journal: its database has lost what was acknowledged. List again, and watch without a token.");

    private Guid? _journal;

    /// <summary>The name of the journal, which tokens carry.</summary>
    public async ValueTask<Guid> Journal(CancellationToken cancellation) => _journal ??= await store.Journal.Identity(cancellation);

    /// <summary>Follows it. An item without turns says that the place has moved, or that nothing happened for <paramref name="quiet"/>; the first says where it begins.</summary>
    /// <param name="token">Where to go on; empty for now.</param>
    /// <param name="quiet">After how long without anything an item comes all the same.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FormatException">The token is wrong.</exception>
    /// <exception cref="RpcException">What follows on the token is not there any more (OUT_OF_RANGE).</exception>
    public async IAsyncEnumerable<Passage> Follow(string token, TimeSpan quiet, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = token.Length == 0 ? null : JournalPlace.Parse(token, await Journal(cancellation), shards);
        using var listener = await tail.Listen(cancellation);
        var now = JournalPlace.At(await store.Journal.Heads(cancellation), shards);
        if (from?.IsAheadOf(now) == true)
        {
            throw new RpcException(Lost);
        }

        var place = from ?? now;
        yield return new Passage(place, []);
        while (true)
        {
            // First, so that whatever is missed from here on says so.
            listener.Forget();
            await foreach (var turns in FromStore(place, cancellation))
            {
                yield return new Passage(place, turns);
            }

            while (!listener.Missed)
            {
                if (!await listener.Wait(quiet, time, cancellation))
                {
                    yield return new Passage(place, []);
                }

                while (!listener.Missed && listener.TryTake(out var stretches))
                {
                    var turns = new List<JournalTurn>();
                    foreach (var stretch in stretches)
                    {
                        turns.AddRange(await Join(place, stretch, cancellation));
                    }

                    yield return new Passage(place, turns);
                }
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<JournalTurn>> FromStore(JournalPlace place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var head in await store.Journal.Heads(cancellation))
        {
            while (place[head.Shard] < head.Position)
            {
                yield return await Next(place, head.Shard, cancellation);
            }
        }
    }

    /// <summary>What a stretch of the tail has that was not passed yet; and what lies before it, if the tail began behind the place.</summary>
    private async Task<IReadOnlyList<JournalTurn>> Join(JournalPlace place, JournalStretch stretch, CancellationToken cancellation)
    {
        var turns = new List<JournalTurn>();
        while (place[stretch.Shard] < stretch.After)
        {
            turns.AddRange(await Next(place, stretch.Shard, cancellation));
        }

        turns.AddRange(stretch.Turns.Where(t => t.Last > place[stretch.Shard]));
        place[stretch.Shard] = Math.Max(place[stretch.Shard], stretch.To);
        return turns;
    }

    private async Task<IReadOnlyList<JournalTurn>> Next(JournalPlace place, ShardId shard, CancellationToken cancellation)
    {
        if (await reader.Read(shard, place[shard], cancellation) is not { } stretch || stretch.To == stretch.After)
        {
            throw new RpcException(Removed);
        }

        place[shard] = stretch.To;
        return stretch.Turns;
    }
}

/// <summary>Turns that were passed.</summary>
/// <param name="Place">Where one is after them.</param>
/// <param name="Turns">The turns.</param>
internal sealed record Passage(JournalPlace Place, IReadOnlyList<JournalTurn> Turns);

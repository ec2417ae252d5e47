using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>Reads stretches of the journal. However many ask, it asks the store few questions at once.</summary>
internal sealed class JournalReader(IRuntimeStore store, EntryDecoder decoder, WorkTasks tasks) : IDisposable
{
    /// <summary>How many entries one question asks for, unless a single turn has more.</summary>
    private const int PageEntries = 256;

    private const int QuestionsAtOnce = 4;

    private readonly SemaphoreSlim _questions = new(QuestionsAtOnce);

    /// <summary>The next stretch of a shard after a position; null if what follows on it was removed.</summary>
    public async Task<JournalStretch?> Read(ShardId shard, long after, CancellationToken cancellation)
    {
        for (var limit = PageEntries; ; limit *= 2)
        {
            if (await Ask(shard, after, limit, cancellation) is not JournalPage.Entries { Items: var entries })
            {
                return null;
            }

            // A full page may end within a turn, and that one then belongs to the next stretch.
            var isLast = entries.Count < limit;
            var whole = isLast ? entries.Count : BeginningOfLastTurn(entries);
            if (isLast || whole > 0)
            {
                return new JournalStretch(shard, after, after + whole, await Turns(entries.Take(whole), cancellation), isLast);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _questions.Dispose();

    private static bool AreOfOneTurn(JournalEntry a, JournalEntry b) => a.Revision == b.Revision && a.Actor == b.Actor;

    private static int BeginningOfLastTurn(IReadOnlyList<JournalEntry> entries)
    {
        var first = entries.Count - 1;
        while (first > 0 && AreOfOneTurn(entries[first - 1], entries[first]))
        {
            first--;
        }

        return first;
    }

    private async Task<JournalPage> Ask(ShardId shard, long after, int limit, CancellationToken cancellation)
    {
        await _questions.WaitAsync(cancellation);
        try
        {
            return await store.Journal.Read(shard, after, limit, cancellation);
        }
        finally
        {
            _questions.Release();
        }
    }

    private async Task<IReadOnlyList<JournalTurn>> Turns(IEnumerable<JournalEntry> entries, CancellationToken cancellation)
    {
        var turns = new List<JournalTurn>();
        var turn = new List<JournalEntry>();
        foreach (var entry in entries.Where(e => e.Actor.Kind == ActorIds.PartitionKind && !AuditRecord.IsOfRuntime(e.Entry)))
        {
            if (turn.Count > 0 && !AreOfOneTurn(turn[0], entry))
            {
                await Add();
            }

            turn.Add(entry);
        }

        if (turn.Count > 0)
        {
            await Add();
        }

        return turns;

        async ValueTask Add()
        {
            PipelineName pipeline = ActorIds.PartitionOf(turn[0].Actor.Key).Pipeline;
            turns.Add(new JournalTurn([.. turn], decoder, await tasks.Of(pipeline, cancellation)));
            turn.Clear();
        }
    }
}

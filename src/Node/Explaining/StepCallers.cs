using System.Collections.Frozen;
using System.Globalization;
using Latecomer.Actors;
using Latecomer.Node.Access;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using Latecomer.Runtime;

namespace Latecomer.Node.Explaining;

/// <summary>Finds out whose requests the steps of an explanation go back to: those that the partition was asked, as their causes name them; and, of what only happens because somebody wants it,
/// those that its pipeline was asked, by the turns between.</summary>
internal sealed class StepCallers(IJournalStore journal, ActorCatalog catalog)
{
    /// <summary>Turns that are looked up at most, those of the newest steps first: each takes some twenty small reads.</summary>
    private const int MostTurns = 100;

    /// <summary>Turns between a request and what it leads to: a clear is passed on by the pipeline, once the singletons have agreed and the runs have answered.</summary>
    private const int MostBetween = 6;

    private readonly Dictionary<string, string> _causes = new(StringComparer.Ordinal);
    private int _looked;

    /// <summary>Fills in the callers that are known.</summary>
    public async Task Fill(IReadOnlyList<ExplainedStep> steps, PartitionHistory history, CancellationToken cancellation)
    {
        var wanted = history.Entries.Where(IsWanted).Select(e => e.Source.Cause).ToFrozenSet(StringComparer.Ordinal);
        foreach (var step in steps.Reverse())
        {
            step.Caller = wanted.Contains(step.Cause) ? await Follow(step.Cause, cancellation) : NameOf(step.Cause);
        }
    }

    /// <summary>Whether it happens only because somebody wants it.</summary>
    private static bool IsWanted(DecodedEntry told) => told.Entry is PartitionEntry.RunCreated { Kind: Contracts.RunKind.Manual } or PartitionEntry.RunCreated { Backfill: not null }
        or PartitionEntry.TasksCleared or PartitionEntry.LaterTasksCleared or PartitionEntry.ClearRequested or PartitionEntry.CancelRequested;

    private static string NameOf(string cause) => Causes.OriginOf(cause) is { Caller: not Caller.Anyone } origin ? origin.Caller : "";

    private async Task<string> Follow(string cause, CancellationToken cancellation)
    {
        if (_causes.TryGetValue(cause, out var known))
        {
            return known;
        }

        var from = cause;
        for (var between = 0; between < MostBetween && TurnOf(from) is { } turn && _looked < MostTurns; between++, _looked++)
        {
            from = (await Find(turn.Actor, turn.Revision, cancellation))?.Cause ?? "";
        }

        return _causes[cause] = NameOf(from);
    }

    /// <summary>The turn that a cause names; null if it names none.</summary>
    private static (ActorId Actor, long Revision)? TurnOf(string cause)
    {
        var at = cause.LastIndexOf('@');
        return at > 0 && ActorId.TryParse(cause[..at], provider: null, out var actor) && !actor.Kind.Contains(':')
            && long.TryParse(cause.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (actor, revision)
            : null;
    }

    /// <summary>An entry of a turn, by halving what is left of the shard's journal: revisions grow with positions.</summary>
    private async Task<JournalEntry?> Find(ActorId actor, long revision, CancellationToken cancellation)
    {
        var shard = catalog.ShardOf(actor);
        var (from, to) = (1L, (await Newest(shard, actor, long.MaxValue, cancellation))?.Position + 1 ?? 0);
        while (from <= to)
        {
            var middle = from + ((to - from) / 2);
            var found = await Newest(shard, actor, middle, cancellation);
            if (found?.Revision == revision)
            {
                return found;
            }

            (from, to) = found is null || found.Revision < revision ? (middle + 1, to) : (from, found.Position);
        }

        return null;
    }

    private async Task<JournalEntry?> Newest(ShardId shard, ActorId actor, long before, CancellationToken cancellation) =>
        await journal.ReadActor(shard, actor, before, limit: 1, cancellation) is [var newest] ? newest : null;
}

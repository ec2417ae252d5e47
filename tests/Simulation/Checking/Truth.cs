using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>What is late, by the world itself and the works that succeeded: the other way around than the actors find it, from the partitions that a date reads.</summary>
internal sealed class Truth(Ledger ledger, SimulatedWorld world)
{
    private readonly Dictionary<(DateOf, TablePath), HashSet<string>> _read = [];

    /// <summary>Whether a commit changed data that the date's run reads, and was made by another pipeline or nobody's run.</summary>
    public bool Affects(PipelineInput input, DateOf date, CommitSeen commit) =>
        commit.Pipeline != date.Pipeline && commit.Changes.Any(c => c.DataChange && Reads(input, date, c));

    /// <summary>How many of a commit's changes are of partitions that the date's run reads.</summary>
    public bool Reads(PipelineInput input, DateOf date, PartitionSeen change)
    {
        if (!_read.TryGetValue((date, input.Table), out var values))
        {
            var schedule = ledger.Pipeline(date.Pipeline).Definition!.Schedule;
            values = Enumerable.Range(input.From, input.To - input.From + 1).Select(i => input.ValueOf(schedule.Shift(date.Date, i))).ToHashSet(StringComparer.Ordinal);
            _read.Add((date, input.Table), values);
        }

        return change.Values.GetValueOrDefault(input.Column) is { } value && values.Contains(value);
    }

    /// <summary>Processed, and changed after what was processed last.</summary>
    /// <param name="date">The date.</param>
    /// <param name="upTo">Looks only at versions up to these; null for all.</param>
    public bool IsLate(DateOf date, IReadOnlyDictionary<TablePath, long>? upTo = null) => LateCommits(date, upTo).Any();

    /// <summary>Rows that the changes brought which make the date late.</summary>
    public long LateRows(DateOf date) =>
        LateCommits(date, upTo: null).Sum(c => c.Commit.Changes.Where(p => p.DataChange && Reads(c.Input, date, p)).Sum(p => p.Rows));

    /// <summary>Of every table the version that was there for sure.</summary>
    public IReadOnlyDictionary<TablePath, long> Settled() => world.Tables.ToDictionary(t => t.Path, t => t.Settled);

    private IEnumerable<(PipelineInput Input, CommitSeen Commit)> LateCommits(DateOf date, IReadOnlyDictionary<TablePath, long>? upTo)
    {
        if (ledger.Date(date) is not { Processed: not null } known)
        {
            yield break;
        }

        foreach (var input in ledger.Pipeline(date.Pipeline).Definition!.Inputs)
        {
            var table = world.Table(input.Table);
            var end = upTo?[input.Table] ?? table.Newest;
            for (var version = known.DoneThrough(input.Table) + 1; version <= end; version++)
            {
                if (Affects(input, date, table[version]))
                {
                    yield return (input, table[version]);
                }
            }
        }
    }
}

using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>What works wrote into Delta tables: one commit for each hold whose work succeeded, under numbers that only grow.</summary>
internal sealed class OutputRule
{
    private const string Invariant = "1 (one work writes under a hold)";

    private readonly SimulatedWorld _world;
    private readonly Findings _findings;
    private readonly Dictionary<(TablePath Table, string Fence), List<long>> _holds = [];
    private readonly Dictionary<(TablePath Table, string Fence), DateOf> _dates = [];

    public OutputRule(string dataset, IEnumerable<TablePath> outputs, SimulatedWorld world, Findings findings)
    {
        (_world, _findings) = (world, findings);
        foreach (var output in outputs)
        {
            world.Add(new SimulatedTable(output, "output"));
            var folder = Path.Combine(dataset, output.Value);
            foreach (var commit in Directory.Exists(Path.Combine(folder, "_delta_log")) ? new TableLog(folder).DataCommits : [])
            {
                Add(output, commit);
            }
        }
    }

    /// <summary>Works that ended well.</summary>
    public int Works { get; private set; }

    public void Completed(RunWork work)
    {
        Works++;
        if (work.Definition.Work is not Work.BuiltIn builtIn)
        {
            return;
        }

        var key = (builtIn.Output, FenceOf(work));
        _dates[key] = new DateOf(work.Definition.Name, work.Date);
        if (_holds.GetValueOrDefault(key)?.Contains(work.HoldNumber) != true)
        {
            _findings.Report(Invariant, $"the work of {work.Run} under hold {work.HoldNumber} succeeded, but {builtIn.Output} has no commit of it");
        }

        _world.Write(work);
    }

    public void AtRest(Ledger ledger)
    {
        foreach (var (key, holds) in _holds)
        {
            if (!_dates.TryGetValue(key, out var date))
            {
                continue;
            }

            var last = _world.Output(key.Table).LastOf(date.Pipeline, date.Date);
            if (last is not null && holds[^1] < last.HoldNumber)
            {
                _findings.Report(Invariant, $"{key.Fence} of {key.Table} was last written under hold {holds[^1]}, but {last.Run} worked under {last.HoldNumber}");
            }

            if (ledger.Date(date).HoldNumber < holds[^1])
            {
                _findings.Report(Invariant, $"{key.Fence} of {key.Table} was written under hold {holds[^1]}, which {date} never gave");
            }
        }
    }

    private static string FenceOf(RunWork work) => $"latecomer/{work.Definition.Name}/{work.Definition.Primary.PartitionOf(work.Date)}";

    private void Add(TablePath table, TableCommit commit)
    {
        var fences = commit.Transactions.Where(t => t.Application.StartsWith("latecomer/", StringComparison.Ordinal)).ToList();
        if (fences is not [var (fence, hold)])
        {
            _findings.Report(Invariant, $"version {commit.Version} of {table} changes data under {fences.Count} holds");
            return;
        }

        if (!_holds.TryGetValue((table, fence), out var holds))
        {
            _holds.Add((table, fence), holds = []);
        }

        if (holds.Count > 0 && holds[^1] >= hold)
        {
            _findings.Report(Invariant, $"version {commit.Version} of {table} writes {fence} under hold {hold} after {holds[^1]}");
        }

        holds.Add(hold);
    }
}

using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>What a history was found to be.</summary>
internal sealed record Verdict(string? Broken, int Turns, int Batches, int Refused, int Runs, int Backfills, int PoisonSetAside, int Works)
{
    /// <summary>It came to nothing.</summary>
    public static Verdict Of(string broken) => new(broken, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>Holds what a run left (the database's log, its tables, the Delta tables, what clients and works wrote down) against every rule.</summary>
internal sealed class HistoryChecker
{
    private readonly string _dataset;
    private readonly ClientHistory _clients;
    private readonly Findings _findings;
    private readonly Checker _checker;
    private readonly List<ObservedTable> _inputs;
    private readonly SimulatedWorld _world;
    private readonly OutputRule _outputs;
    private readonly TransactionReplay _replay;
    private readonly Dictionary<string, WriteConfiguration> _files = new(StringComparer.Ordinal);
    private int _refused;

    public HistoryChecker(string dataset, ClientHistory clients, IEnumerable<TablePath> inputs, IEnumerable<TablePath> outputs, TextWriter? trace)
    {
        (_dataset, _clients) = (dataset, clients);
        var steps = new Trace { Echo = trace };
        var catalog = ActorIds.Catalog();
        _findings = new Findings(steps);
        _world = new SimulatedWorld(TimeProvider.System, steps);
        _inputs = [.. inputs.Select(path => new ObservedTable(dataset, path, clients.Loads))];
        _inputs.ForEach(table => _world.Add(table.Table));
        _outputs = new OutputRule(dataset, outputs, _world, _findings);
        _checker = new Checker(catalog, _world, _findings, steps, TimeProvider.System, RuntimeSettings.ForEver);
        _replay = new TransactionReplay(catalog, _checker.Watch, _findings, Ended);
    }

    /// <summary>Looks at everything, or up to the first thing that is broken.</summary>
    /// <param name="log">Where the history is.</param>
    /// <param name="store">The store, at rest; null if it did not come to rest: then that is what is looked at least.</param>
    /// <param name="copy">Gets the log's lines.</param>
    /// <param name="collected">Of each pipeline the date whose creation was the last.</param>
    public async Task<Verdict> Check(WriteAheadLog log, IRuntimeStore? store, TextWriter? copy, IReadOnlyList<DateOf> collected)
    {
        var (transactions, asides) = await log.Read(copy);
        _refused = asides.Count(a => a.Prefix == WriteAheadLog.Refused);
        foreach (var transaction in transactions)
        {
            _inputs.ForEach(table => table.AdvanceTo(transaction.At));
            _replay.Replay(transaction);
            if (_findings.First is not null)
            {
                return Result();
            }
        }

        _inputs.ForEach(table => table.AdvanceTo(DateTimeOffset.MaxValue));
        if (store is not null)
        {
            _checker.ExpectCollected(collected);
            await _checker.CheckAtRest(store);
            CheckFiles();
            _outputs.AtRest(_checker.Ledger);
            new StampRule(_findings).Check(Path.Combine(_dataset, Pipelines.StampsFile));
            if (_replay.PoisonSetAside != _replay.Poisoned)
            {
                _findings.Report("runtime", $"{_replay.Poisoned} messages were poisoned, and {_replay.PoisonSetAside} were set aside");
            }
        }

        new ReplyRule(_findings, _checker.Ledger).Check(_clients.Answers, transactions);
        return Result();
    }

    private void Ended(ActivityAssignment activity, ActivityEnded ended)
    {
        if (ended.Outcome != ActivityOutcome.Completed)
        {
            return;
        }

        switch (activity.Kind)
        {
            case RunWork.Kind:
                _outputs.Completed(DurableJson.Read<RunWork>(activity.Input));
                break;
            case WriteConfiguration.Kind:
                var file = DurableJson.Read<WriteConfiguration>(activity.Input);
                _files[$"{file.Folder}/{file.File}"] = file;
                _world.Write(file);
                break;
        }
    }

    /// <summary>Each file says what was written last, by the store; a creation that was cleared in the middle may have left its file behind.</summary>
    private void CheckFiles()
    {
        foreach (var (path, file) in _files)
        {
            var text = File.ReadAllText(Path.Combine(_dataset, path));
            var partitions = System.Text.Json.Nodes.JsonNode.Parse(text)!["partitions"]!.AsArray().Select(p => (string)p!).ToList();
            if (!partitions.SequenceEqual(file.Partitions))
            {
                _findings.Report("4 (the file says what was reserved)", $"{path} says [{string.Join(", ", partitions)}], and not [{string.Join(", ", file.Partitions)}]");
            }
        }
    }

    private Verdict Result()
    {
        var runs = _checker.Ledger.Dates.SelectMany(d => d.Value.Runs.Values).ToList();
        return new Verdict(
            _findings.First, _checker.Watch.Turns, _replay.Batches, _refused, runs.Count, runs.Count(r => r.Kind == RunKind.Backfill), _replay.PoisonSetAside, _outputs.Works);
    }
}

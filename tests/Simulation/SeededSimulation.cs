using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>The life of a cluster and its world, drawn from one seed: first with faults, then to its end without. One thread does everything.</summary>
internal sealed class SeededSimulation : IDisposable
{
    private const int LeastTurns = 600;
    private const int LeastCrashes = 3;
    private const int MostSteps = 60_000;

    private readonly ulong _seed;
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly FakeTime _time;
    private readonly StepContext _context = new();
    private readonly FaultPlan _faults = new();
    private readonly Findings _findings;
    private readonly SimulatedStore _store;
    private readonly Checker _checker;
    private readonly List<RequestEdge> _edges;
    private readonly ClusterParts _parts;
    private readonly SimulatedCluster _cluster;
    private readonly Scheduler _scheduler;
    private readonly Scenario _scenario;
    private readonly DataLoads _loads;
    private readonly Client _client;
    private readonly ExternalCallers? _callers;
    private readonly Deleter? _deleter;
    private readonly Adopter? _adopter;

    private SeededSimulation(ulong seed, Break? broken, TextWriter? echo, StoreKind kind)
    {
        _seed = seed;
        _random = new SeededRandom(seed);
        _trace = new Trace { Echo = echo };
        _scenario = ExternalCallers.Drawn(Scenario.Draw(_random), seed);
        _time = new FakeTime(_scenario.Begins);
        _findings = new Findings(_trace);
        _store = new SimulatedStore(kind, _time, Breaks.WeaknessOf(broken));
        var world = new SimulatedWorld(_time, _trace);
        var kept = Retention.Draw(seed);
        var catalog = Breaks.Of(broken, ActorIds.Catalog(), world);
        _checker = new Checker(catalog, world, _findings, _trace, _time, kept.RepliesKept);
        _checker.Watch.LooksAtTokens = broken != Break.Uncounted;
        var server = new SimulatedServer(_store.Server, _random, _faults, _trace);
        var store = _store.Server is not null ? _store.Calls : new RecordingStore(broken == Break.Fence ? new UnfencedStore(_store.Calls) : _store.Calls, _checker.Watch);
        var hints = new LossyHints(_random, _faults);
        var intake = new LossyIntake(_random, _faults);
        _parts = new ClusterParts(
            store, server, gate => new GatedStore(server.Reach(store, gate, _checker.Watch), gate), catalog, hints, intake, _time, new FaultObserver(_findings), _random, _faults, [], new Moments(_time, _trace), _trace, _context, [], world, kept,
            what => _findings.Report("runtime", what));
        _cluster = new SimulatedCluster(_parts);
        _scheduler = new Scheduler(_cluster, _parts, _time);
        _loads = new DataLoads(_scenario, world, _random);
        _edges = new[] { "edge-1", "edge-2" }
            .Select(name => new RequestEdge(_parts.Open(new CallGate(name, _random, _faults, _parts.Parked, _trace)), catalog, hints, _time, kept, intake)).ToList();
        _client = new Client(_scenario, _edges, _random, _trace, _findings, _checker.Ledger) { RepliesGo = kept.RepliesKept < Retention.Usual };
        _callers = ExternalCallers.AreIn(seed) ? new ExternalCallers(_scenario, _client, _checker.Ledger, new SeededRandom(~seed)) : null;
        _deleter = Deleter.IsIn(seed) ? new Deleter(_scenario, _client, _checker.Ledger, new SeededRandom(seed ^ 0xde1e7e)) : null;
        _adopter = Adopter.IsIn(seed) ? new Adopter(_scenario, world, _client, _checker.Ledger, new SeededRandom(seed ^ 0xad0e7)) : null;
    }

    private bool IsBroken => _findings.First is not null;

    public static SimulationResult Run(ulong seed, Break? broken = null, TextWriter? echo = null, StoreKind kind = StoreKind.Memory)
    {
        SimulationResult? result = null;
        Exception? fault = null;
        kind = Breaks.WeaknessOf(broken) == Weakness.None ? kind : StoreKind.PostgresModel;
        var thread = new Thread(() =>
        {
            try
            {
                using var simulation = new SeededSimulation(seed, broken, echo, kind);
                SynchronizationContext.SetSynchronizationContext(simulation._context);
                result = simulation.Run();
            }
            catch (Exception e)
            {
                fault = e;
            }
        });
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException($"Seed {seed} ended the simulation itself.", fault);
    }

    public void Dispose()
    {
        _edges.ForEach(e => e.Dispose());
        _store.Dispose();
    }

    private SimulationResult Run()
    {
        _scenario.Tables.ToList().ForEach(table => _parts.World.Create(table));
        _loads.LoadFirst();
        _cluster.Nodes.ToList().ForEach(_cluster.Start);

        Action begin = _adopter is null ? _client.ApplyAll : _adopter.Begin;
        begin();
        Disturb();
        EndWell();
        var runs = _checker.Ledger.Dates.SelectMany(d => d.Value.Runs.Values).ToList();
        return new SimulationResult(
            _seed, _findings.First, _checker.Watch.Turns, _cluster.Crashes, _trace.Step, runs.Count, runs.Count(r => r.Kind == RunKind.Backfill), _trace.Hash, _trace.Counts, [.. _trace.Last]);
    }

    /// <summary>Lets things happen, and go wrong, until enough has.</summary>
    private void Disturb()
    {
        var actions = _random.Between(20, 45);
        var actionsDone = 0;
        var crashes = Enumerable.Range(0, _random.Between(LeastCrashes, LeastCrashes + 3)).Select(_ => _random.Between(20, LeastTurns - 50)).Order().ToList();
        while (!IsBroken && (actionsDone < actions || _checker.Watch.Turns < LeastTurns || _cluster.Crashes < LeastCrashes))
        {
            if (_trace.Step > MostSteps)
            {
                _findings.Report("6 (every run that can go on does)", $"after {_trace.Step} steps there were only {_checker.Watch.Turns} turns, {actionsDone} actions and {_cluster.Crashes} crashes");
                return;
            }

            if (_cluster.Crashes < crashes.Count && _checker.Watch.Turns >= crashes[_cluster.Crashes])
            {
                PlanCrash();
            }

            var idle = !_scheduler.Step() && !_scheduler.Sweep();
            LoadLateForCreations();
            if (_checker.Watch.Turns * actions >= actionsDone * LeastTurns || (idle && (_random.Half() || !PassTime())))
            {
                Act();
                actionsDone++;
            }
        }
    }

    /// <summary>Data that arrives just before a creation is what the creation may miss most easily.</summary>
    private void LoadLateForCreations()
    {
        while (_checker.Ledger.AboutToCreate.TryDequeue(out var date))
        {
            if (_random.PerMille(250))
            {
                _loads.LoadLate(date, _checker.Ledger);
            }
        }
    }

    private void PlanCrash()
    {
        var lives = _cluster.Lives.Where(l => l.CanRun).ToList();
        if (lives.Count > 0 && !lives.Exists(l => l.Gate.CrashIsDue))
        {
            var working = lives.FindAll(_parts.Moments.IsWorking);
            var life = _random.Pick(working.Count > 0 && _random.Half() ? working : lives);
            if (_random.PerMille(200))
            {
                _cluster.Crash(life);
            }
            else
            {
                life.Gate.CrashAfter(_random.Below(20));
            }
        }
    }

    private void Act()
    {
        _trace.BeginStep();
        // They draw from seeds of their own.
        if (_callers?.Act() is not true && _deleter?.Act() is not true && _adopter?.Act() is not true)
        {
            (_random.PerMille(600) ? (Action)_loads.LoadSome : _client.AskSomething)();
        }

        _context.Drain();
    }

    /// <summary>Nothing is to be done: on to the next timer, at most an hour.</summary>
    private bool PassTime()
    {
        var ready = _store.Calls.Turns.Ready([.. _parts.Catalog.Shards], default).AsTask().GetAwaiter().GetResult();
        var now = _time.GetUtcNow();
        var times = new[] { ready.NextTimer, _parts.Moments.NextTime, _parts.Server.NextTime, _cluster.Lives.All(l => l.Joined) ? null : now + SimulatedTime.Heartbeat }.OfType<DateTimeOffset>().ToList();
        if (times.Count == 0)
        {
            return false;
        }

        var next = times.Append(now + TimeSpan.FromHours(1)).Min();
        _trace.Add($"waits until {next:O}");
        _cluster.WaitCalmly(next, _time);
        return true;
    }

    /// <summary>Stops the faults and lets everything come to rest; then lets a person repair what failed for good, and looks again.</summary>
    private void EndWell()
    {
        _faults.Active = false;
        _deleter?.IsOver = true;
        foreach (var node in _cluster.Nodes)
        {
            node.Pause(false);
        }

        _client.AskAgainForAnswers();
        ComeToRest();
        _client.GoOnWithAll();
        ComeToRest();
        _callers?.ReleaseAll(ComeToRest);
        for (var round = 0; round < 5 && !IsBroken && ClearFailedMarks(); round++)
        {
            ComeToRest();
        }

        CheckAtRest();
        if (!IsBroken)
        {
            _loads.LoadLast();
            ComeToRest();
            CreateOnceMore();
            _callers?.ReleaseAll(ComeToRest);
            CheckAtRest();
            CheckAnswers();
        }
    }

    private void ComeToRest()
    {
        var most = _trace.Step + MostSteps;
        while (!IsBroken)
        {
            if (_trace.Step > most)
            {
                _findings.Report("6 (every run that can go on does)", "without any fault the cluster does not come to rest");
            }
            else if (!_scheduler.Step() && !_scheduler.Sweep() && !PassTime())
            {
                return;
            }
        }
    }

    private void CheckAtRest()
    {
        if (!IsBroken && _checker.CheckAtRest(_store.Calls) is { IsCompletedSuccessfully: false } checking)
        {
            throw new InvalidOperationException("The store of a simulation answers at once.", checking.Exception);
        }
    }

    /// <summary>Whoever asks again after all is done is told what was decided.</summary>
    private void CheckAnswers()
    {
        _client.AskAgainForAnswers();
        ComeToRest();
        if (_client.RepliesGo)
        {
            // What was removed meanwhile is answered anew.
            _client.AskAgainForAnswers();
            ComeToRest();
        }

        if (_client.Unanswered.Any())
        {
            _findings.Report("9 (requests)", $"{string.Join(", ", _client.Unanswered)} were decided, but who asks is not told");
        }
    }

    /// <summary>Marks that failed for good, or were cancelled, stop all that follow, until a person clears them.</summary>
    private bool ClearFailedMarks()
    {
        var failed = _checker.Ledger.Dates
            .Where(d => d.Value.Runs.TryGetValue(RunId.Scheduled(d.Key.Date), out var run) && run.Tasks[(int)TaskKind.Mark] is TaskState.Failed or TaskState.Cancelled)
            .Select(d => d.Key).ToList();
        failed.ForEach(d => _client.Clear(d.Pipeline, d.Date, task: null));
        return failed.Count > 0;
    }

    /// <summary>Lets the last date of each pipeline look for late partitions once more; first of the pipeline that the other one reads from.</summary>
    private void CreateOnceMore()
    {
        var last = _checker.Ledger.Dates.Where(d => d.Value.Runs.TryGetValue(RunId.Scheduled(d.Key.Date), out var run) && run.Ended is not null)
            .GroupBy(d => d.Key.Pipeline).Select(g => g.MaxBy(d => d.Key.Date).Key).OrderBy(d => d.Pipeline.Value, StringComparer.Ordinal).ToList();
        foreach (var date in last)
        {
            var processed = _checker.Ledger.Date(date).Runs[RunId.Scheduled(date.Date)].Tasks[(int)TaskKind.MarkProcessed] == TaskState.Success;
            _client.Clear(date.Pipeline, date.Date, processed ? Tasks.IdOf(TaskKind.Creation, _scenario.Pipelines[0].Work) : null);
            ComeToRest();
        }

        _checker.ExpectCollected(last);
    }
}

using System.Diagnostics;
using System.Globalization;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Simulation;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Nemesis;

/// <summary>A cluster from its beginning through everything that goes wrong to its rest, and what was found then.</summary>
internal sealed class NemesisRun : IAsyncDisposable
{
    private const int Clients = 3;
    private const int AskedAgain = 40;

    private readonly TestCluster _cluster;
    private readonly SeededRandom _random;
    private readonly ClientHistory _history;
    private readonly Asking _asking;
    private readonly DeviceLoads _loads;
    private readonly FaultCatalog _faults;
    private readonly FaultSchedule _schedule;
    private readonly List<Client> _clients;
    private readonly TextWriter _output;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private NemesisRun(TestCluster cluster, ulong seed, TextWriter output)
    {
        (_cluster, _random, _output) = (cluster, new SeededRandom(seed), output);
        _history = new ClientHistory(Path.Combine(cluster.Folder, "history.log"));
        _asking = new Asking(cluster.Nodes, _history);
        _loads = new DeviceLoads(cluster.Dataset, _history);
        _faults = new FaultCatalog(cluster, _history);
        _schedule = new FaultSchedule(_faults, _random.Fork());
        _clients = [.. Enumerable.Range(1, Clients).Select(n => new Client($"client{n}", _asking, _loads, new Compaction(cluster.Dataset, _history), _history, _random.Fork()))];
    }

    /// <summary>What went wrong, by kind.</summary>
    public IReadOnlyDictionary<string, int> Faults => _schedule.Counts;

    /// <summary>Requests that clients made.</summary>
    public int Requests => _clients.Sum(c => c.Asked.Count);

    /// <summary>Commits that clients put into the input.</summary>
    public int Loads => _history.Loads.Count(l => !l.IsCompaction);

    /// <summary>Commits that put files of the input together and changed no data.</summary>
    public int Compactions => _history.Loads.Count(l => l is { IsCompaction: true, Version: not null });

    /// <summary>Calls with hints that came once more.</summary>
    public int HintsSaidAgain => _faults.HintsSaidAgain;

    /// <summary>Times at which a node said a time of day that was off.</summary>
    public int ClocksSeenOff => _faults.ClocksSeenOff;

    public static async Task<NemesisRun> Create(string folder, ulong seed, TextWriter output) =>
        new(await TestCluster.Create(folder), seed, output);

    /// <summary>Lives through all of it.</summary>
    /// <param name="time">For so long things go wrong.</param>
    /// <param name="ownedWithin">So long after all was mended every shard is owned again.</param>
    public async Task<Verdict> Live(TimeSpan time, TimeSpan ownedWithin)
    {
        try
        {
            await Begin();
            await Disturb(time);
        }
        catch (Exception fault) when (fault is InvalidOperationException or TimeoutException or Npgsql.NpgsqlException)
        {
            return Verdict.Of(fault.Message);
        }

        await using var store = await PostgresRuntimeStore.Open(_cluster.Store, default);
        var resting = new Resting(_cluster, store, _asking, _random);
        var (broken, collected) = await Rest(resting, ownedWithin);
        Say("reads the history");
        await using var trace = new StreamWriter(Path.Combine(_cluster.Folder, "trace.log"));
        await using var log = new StreamWriter(Path.Combine(_cluster.Folder, "wal.log"));
        var checker = new HistoryChecker(_cluster.Dataset, _history, [Pipelines.Input], [Pipelines.Output], trace);
        var verdict = await checker.Check(_cluster.Log, broken is null ? store : null, log, collected);
        return verdict with { Broken = verdict.Broken ?? broken };
    }

    public async ValueTask DisposeAsync()
    {
        _asking.Dispose();
        await _cluster.DisposeAsync();
        await _history.DisposeAsync();
    }

    private async Task Begin()
    {
        Say("loads the first days and starts three nodes");
        foreach (var day in Pipelines.Dates.Append(Pipelines.DayAfter))
        {
            await _loads.Load(day, 10);
        }

        await _cluster.StartNodes();
        using var patience = new CancellationTokenSource(Liveness.Bound);
        foreach (var pipeline in Pipelines.Names)
        {
            var request = new Request($"apply-{pipeline}", "Pipelines/Apply", new System.Text.Json.Nodes.JsonObject { ["pipeline"] = Pipelines.Definition(pipeline) });
            var answer = await _asking.Ask(request, _random, patience.Token);
            if (answer is not { Status: System.Net.HttpStatusCode.OK })
            {
                throw new InvalidOperationException($"{pipeline} could not be applied: {answer}");
            }
        }
    }

    private async Task Disturb(TimeSpan time)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"lets things go wrong for {time.TotalSeconds} s while {Clients} clients ask"));
        using var stop = new CancellationTokenSource();
        var asking = Task.WhenAll(_clients.Select(c => c.Run(stop.Token)));
        try
        {
            await _schedule.Run(time, stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
        }

        await asking;
        if (_cluster.Nodes.Select(n => n.EndedByItself()).FirstOrDefault(story => story is not null) is { } ended)
        {
            throw new InvalidOperationException($"A node ended by itself: {ended}");
        }
    }

    private async Task<(string? Broken, IReadOnlyList<DateOf> Collected)> Rest(Resting resting, TimeSpan ownedWithin)
    {
        Say("waits for rest");
        if (await resting.UntilOwned(ownedWithin) is { } unowned)
        {
            return ($"ownership: {unowned}", []);
        }

        using var patience = new CancellationTokenSource(Liveness.Bound);
        foreach (var request in _clients.SelectMany(c => c.Unanswered))
        {
            await _asking.Ask(request, _random, patience.Token);
        }

        if (await resting.UntilAtRest() is { } busy)
        {
            return ($"6 (every run that can go on does): {busy}", []);
        }

        var collected = await resting.CreateOnceMore();
        if (await resting.UntilAtRest() is { } stillBusy)
        {
            return ($"6 (every run that can go on does): {stillBusy}", []);
        }

        await AskAgain();
        return (null, collected);
    }

    /// <summary>Whoever asks again after all is done, anywhere, is told what was decided.</summary>
    private async Task AskAgain()
    {
        var asked = _clients.SelectMany(c => c.Asked).ToList();
        foreach (var request in Enumerable.Range(0, Math.Min(AskedAgain, asked.Count)).Select(_ => _random.Pick(asked)))
        {
            foreach (var node in _cluster.Nodes)
            {
                await _asking.AskOnce(request, node);
            }
        }
    }

    private void Say(string phase) => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_watch.Elapsed.TotalSeconds,6:F1} s  {phase}"));
}

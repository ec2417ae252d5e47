using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>All rules, with what they share.</summary>
internal sealed class Checker
{
    private readonly ActorCatalog _catalog;
    private readonly SimulatedWorld _world;
    private readonly Findings _findings;
    private readonly Truth _truth;
    private readonly IReadOnlyList<Rule> _rules;
    private IReadOnlyList<DateOf> _collected = [];

    public Checker(ActorCatalog catalog, SimulatedWorld world, Findings findings, Trace trace)
    {
        _catalog = catalog;
        _world = world;
        _findings = findings;
        _truth = new Truth(Ledger, world);
        Watch = new StoreWatch(catalog, findings, trace) { Tell = Tell };
        _rules =
        [
            new HoldRule(Ledger, findings),
            new PinRule(Ledger, world, findings),
            new LatenessRule(Ledger, world, _truth, findings),
            new CreationRule(Ledger, _truth, findings),
            new ClaimRule(Ledger, world, _truth, findings),
            new OrderRule(Ledger, findings),
            new SlotRule(Ledger, world, findings),
            new LogRule(Ledger, world, _truth, catalog, findings),
            new RequestRule(Ledger, catalog, findings),
            new RetryRule(findings),
        ];
    }

    public Ledger Ledger { get; } = new();

    public StoreWatch Watch { get; }

    /// <summary>At the next rest, what is late before these dates has been collected, but for what policies leave.</summary>
    public void ExpectCollected(IReadOnlyList<DateOf> before) => _collected = before;

    public void CheckAtRest(IRuntimeStore store)
    {
        if (Watch.MailUnderWay != 0)
        {
            var shards = Finish(store.Turns.Ready([.. _catalog.Shards], default).AsTask()).Shards;
            var owners = Finish(store.Leases.List(default).AsTask()).Where(l => shards.Contains(l.Shard));
            _findings.Report("runtime", $"{Watch.MailUnderWay} messages are left at rest, in {string.Join(", ", owners)}");
        }

        Finish(Watch.CheckJournal(store));
        foreach (var activity in Finish(store.Activities.List(default).AsTask()).Where(a => a.Kind != AwaitCommit.Kind))
        {
            _findings.Report("6 (every run that can go on does)", $"{activity} has not ended at rest");
        }

        var rest = new Rest(_world, Ledger, actor => StateOf(store, actor), Watch.Rows);
        foreach (var rule in _rules)
        {
            rule.AtRest(rest);
        }

        CheckCollected(rest);
    }

    private static T Finish<T>(Task<T> task) => task.IsCompleted ? task.Result : throw new InvalidOperationException("The store in memory answers at once.");

    private static void Finish(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The store in memory answers at once.", task.Exception);
        }
    }

    private void Tell(Fact fact)
    {
        foreach (var rule in _rules)
        {
            rule.See(fact);
        }

        Ledger.Write(fact);
    }

    private object? StateOf(IRuntimeStore store, ActorId actor)
    {
        var image = Finish(store.Turns.LoadStates(_catalog.ShardOf(actor), [actor], default).AsTask());
        return image.Count == 0 ? null : _catalog.BehaviorOf(actor).ReadState(image[0].Body, image[0].SchemaVersion);
    }

    /// <summary>Lateness that a creation after it has not collected, though nothing spoke against it.</summary>
    private void CheckCollected(Rest rest)
    {
        foreach (var last in _collected)
        {
            var definition = Ledger.Pipeline(last.Pipeline).Definition!;
            foreach (var (date, runs) in Ledger.Dates.Where(d => d.Key.Pipeline == last.Pipeline && d.Key.Date < last.Date && _truth.IsLate(d.Key)))
            {
                var state = rest.StateOfType<PartitionState>(ActorIds.Partition(date.Pipeline, date.Date));
                var isLeft = definition.Schedule.Distance(date.Date, last.Date) > (definition.Lookback ?? int.MaxValue)
                    || _truth.LateRows(date) < definition.MinRows
                    || state?.FailedClaims >= PartitionState.MostFailedClaims
                    || runs.Runs.Values.Any(r => r.Ended is null)
                    || _world.Output(((Work.BuiltIn)definition.Work).Output).LastOf(date.Pipeline, date.Date) is null;
                if (!isLeft)
                {
                    _findings.Report("3 (late is collected)", $"{date} is still late after the creation of {last}");
                }
            }
        }
    }
}

/// <summary>Reports turns that fail: no message that the program sends to itself may make an actor fail.</summary>
internal sealed class FaultObserver(Findings findings) : IRuntimeObserver
{
    public void TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) =>
        findings.Report("runtime", $"a turn of {actor} failed: {fault}");
}

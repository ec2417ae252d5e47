using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>All rules, with what they share.</summary>
internal sealed class Checker
{
    private readonly ActorCatalog _catalog;
    private readonly SimulatedWorld _world;
    private readonly Trace _trace;
    private readonly Findings _findings;
    private readonly Truth _truth;
    private readonly IReadOnlyList<Rule> _rules;
    private IReadOnlyList<DateOf> _collected = [];

    public Checker(ActorCatalog catalog, SimulatedWorld world, Findings findings, Trace trace, TimeProvider time, TimeSpan repliesKept)
    {
        _catalog = catalog;
        _world = world;
        _trace = trace;
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
            new RequestRule(Ledger, catalog, findings, repliesKept, time),
            new RetryRule(findings),
            new RangeRule(Ledger, findings),
            new DeleteRule(Ledger, Watch, findings),
            new AdoptRule(Ledger, world, findings),
        ];
    }

    public Ledger Ledger { get; } = new();

    public StoreWatch Watch { get; }

    /// <summary>At the next rest, what is late before these dates has been collected, but for what policies leave.</summary>
    public void ExpectCollected(IReadOnlyList<DateOf> before) => _collected = before;

    public async Task CheckAtRest(IRuntimeStore store)
    {
        if (Watch.MailUnderWay != 0)
        {
            var shards = (await store.Turns.Ready([.. _catalog.Shards], default)).Shards;
            var owners = (await store.Leases.List(default)).Where(l => shards.Contains(l.Shard));
            _findings.Report("runtime", $"{Watch.MailUnderWay} messages are left at rest, in {string.Join(", ", owners)}");
        }

        await Watch.Kept.Check(store, Watch.Rows);
        foreach (var activity in (await store.Activities.List(default)).Where(a => a.Kind != AwaitCommit.Kind))
        {
            _findings.Report("6 (every run that can go on does)", $"{activity} has not ended at rest");
        }

        var states = await StatesIn(store);
        var rest = new Rest(_world, Ledger, states.GetValueOrDefault, Watch.Rows);
        foreach (var rule in _rules)
        {
            rule.AtRest(rest);
        }

        CheckCollected(rest);
    }

    private void Tell(Fact fact)
    {
        foreach (var rule in _rules)
        {
            rule.See(fact);
        }

        Ledger.Write(fact);
        switch (fact)
        {
            case Fact.Happened { Entry: PartitionEntry.Forgotten } happened:
                var date = DateOf.Actor(happened.Actor);
                Forget(rule => rule.Forget(date), () => Ledger.Forget(date));
                break;
            case Fact.Happened { Entry: PartitionEntry.Adopted }:
                _trace.Count("dates taken over");
                break;
            case Fact.Happened { Entry: PipelineEntry.Deleted } happened:
                var pipeline = PipelineName.Parse(happened.Actor.Key);
                _trace.Count("pipelines deleted");
                Forget(rule => rule.Forget(pipeline), () => Ledger.Forget(pipeline));
                break;
        }
    }

    private void Forget(Action<Rule> forget, Action last)
    {
        foreach (var rule in _rules)
        {
            forget(rule);
        }

        last();
    }

    private async Task<Dictionary<ActorId, object>> StatesIn(IRuntimeStore store)
    {
        var states = new Dictionary<ActorId, object>();
        foreach (var shard in Watch.Actors.GroupBy(_catalog.ShardOf))
        {
            foreach (var image in await store.Turns.LoadStates(shard.Key, [.. shard], default))
            {
                states.Add(image.Actor, _catalog.BehaviorOf(image.Actor).ReadState(image.Body, image.SchemaVersion));
            }
        }

        return states;
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
                    || state?.Claim is { For: not null }
                    || (definition.Work is Work.BuiltIn work && _world.Output(work.Output).LastOf(date.Pipeline, date.Date) is null);
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

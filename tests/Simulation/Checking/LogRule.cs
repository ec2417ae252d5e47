using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 8: each watcher passes on every commit once, in order, to the dates that read it or wait for it.</summary>
internal sealed class LogRule(Ledger ledger, SimulatedWorld world, Truth truth, ActorCatalog catalog, Findings findings) : Rule(findings)
{
    /// <summary>Dates beyond the last are told as well: a sensor looks there, and the end may be moved.</summary>
    private const int Beyond = 3;

    private const string Invariant = "8 (every commit once, in order)";

    private readonly Dictionary<TablePath, LogCursor> _cursors = [];
    private readonly Dictionary<(TablePath, PipelineName), long> _baselines = [];
    private readonly Dictionary<(TablePath, long, DateOf), (int All, int Affecting)> _passedOn = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Sent { From: { Kind: ActorIds.WatcherKind } from, Message.Type: nameof(PartitionMessage.Changed) } sent:
                Count(TablePath.Parse(from.Key), sent);
                break;
            case Fact.Happened { Entry: WatcherEntry.CommitsPassedOn passed } happened:
                Advance(TablePath.Parse(happened.Actor.Key), passed.Cursor);
                break;
            case Fact.Happened { Entry: WatcherEntry.SubscriptionEnded over } happened:
                _baselines.Remove((TablePath.Parse(happened.Actor.Key), over.Pipeline));
                break;
            case Fact.Happened { Entry: WatcherEntry.Forgotten } happened:
                Expect(_baselines.Keys.All(b => b.Item1.Value != happened.Actor.Key), Invariant, $"{happened.Actor} forgets, though it is read");
                _cursors.Remove(TablePath.Parse(happened.Actor.Key));
                break;
            case Fact.Happened { Entry: WatcherEntry.BaselineSent { Complete: true } sent } happened:
                var table = TablePath.Parse(happened.Actor.Key);
                _baselines[(table, sent.Pipeline)] = sent.Cursor.Version;
                _cursors.TryAdd(table, new LogCursor(sent.Cursor.Version, 0));
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (table, cursor) in _cursors)
        {
            Expect(cursor.Version == world.Table(table).Newest && cursor.Offset == 0, Invariant, $"the watcher of {table} is at {cursor}, the log at {world.Table(table).Newest}");
        }

        foreach (var (date, _) in ledger.Dates.ToList())
        {
            var state = rest.StateOfType<PartitionState>(ActorIds.Partition(date.Pipeline, date.Date));
            foreach (var input in ledger.Pipeline(date.Pipeline).Definition!.Inputs)
            {
                var known = state?.Inputs.GetValueOrDefault(input.Table)?.ActiveFiles ?? 0;
                var files = world.Table(input.Table).FilesOf(SimulatedTable.Values(input.Column, input.ValueOf(date.Date)));
                Expect(known == files, Invariant, $"{date} counts {known} files in {input.Table}, where {files} are");
            }
        }
    }

    private void Count(TablePath table, Fact.Sent sent)
    {
        var changed = (PartitionMessage.Changed)catalog.BehaviorOf(sent.To).ReadMessage(sent.Message);
        var key = (table, changed.Change.Version, DateOf.Actor(sent.To));
        var (all, affecting) = _passedOn.GetValueOrDefault(key);
        _passedOn[key] = (all + 1, affecting + (changed.Affects ? 1 : 0));
    }

    private void Advance(TablePath table, LogCursor cursor)
    {
        var before = _cursors[table];
        Expect(cursor.Version > before.Version || (cursor.Version == before.Version && cursor.Offset >= before.Offset), Invariant, $"the watcher of {table} went back from {before} to {cursor}");
        for (var version = before.Version + 1; version <= cursor.Version; version++)
        {
            foreach (var pipeline in ledger.Pipelines.Where(p => _baselines.TryGetValue((table, p.Name), out var baseline) && baseline < version))
            {
                CheckPassedOn(table, world.Table(table)[version], pipeline.Definition!);
            }
        }

        _cursors[table] = cursor;
    }

    private void CheckPassedOn(TablePath table, CommitSeen commit, PipelineDefinition definition)
    {
        var input = definition.Inputs.First(i => i.Table == table);
        for (var day = definition.Start; day <= definition.Schedule.Shift(definition.End!.Value, Beyond); day = definition.Schedule.Next(day))
        {
            var date = new DateOf(definition.Name, day);
            var affecting = commit.Changes.Count(c => c.DataChange && commit.Pipeline != definition.Name && truth.Reads(input, date, c));
            var all = commit.Changes.Count(c => truth.Reads(input, date, c) || c.Values.GetValueOrDefault(input.Column) == input.ValueOf(day));
            var passed = _passedOn.GetValueOrDefault((table, commit.Version, date));
            Expect(passed == (all, affecting), Invariant, $"{table}@{commit.Version} was passed on to {date} {passed} times (all, affecting), not {(all, affecting)}");
        }
    }
}

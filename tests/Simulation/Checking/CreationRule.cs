using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 3, as the creation sees it: what was late when a creation began, it collects. Changes that are on their way through a partition cannot be
/// overtaken. What became late because an older pin was processed just now is concurrent with the creation: it counts from when the backfill singleton was told.</summary>
internal sealed class CreationRule(Ledger ledger, Truth truth, Findings findings) : Rule(findings)
{
    private const string Invariant = "3 (a creation misses nothing that was late when it began)";

    private readonly Dictionary<PipelineName, (BackfillEntry.Begun Begun, IReadOnlyDictionary<TablePath, long> Newest, List<DateOf> Late)> _current = [];
    private readonly Dictionary<PipelineName, HashSet<LogicalDate>> _claimed = [];
    private readonly HashSet<DateOf> _lateByProcessing = [];
    private readonly HashSet<(PipelineName, LogicalDate)> _overEarly = [];
    private DateOf? _processing;

    public override void See(Fact fact)
    {
        if (fact is Fact.Happened { Entry: PartitionEntry partition } of)
        {
            SeePartition(DateOf.Actor(of.Actor), partition);
        }

        if (fact is not Fact.Happened { Entry: BackfillEntry entry } happened)
        {
            return;
        }

        var pipeline = PipelineName.Parse(happened.Actor.Key);
        switch (entry)
        {
            case BackfillEntry.Begun begun:
                var settled = truth.Settled();
                var late = ledger.Dates.Select(d => d.Key)
                    .Where(d => d.Pipeline == pipeline && d.Date < begun.Request.Date && truth.IsLate(d, settled) && !_lateByProcessing.Contains(d)).ToList();
                _current[pipeline] = (begun, settled, late);
                _overEarly.RemoveWhere(o => o.Item1 == pipeline);
                break;
            case BackfillEntry.LatenessSeen seen:
                _lateByProcessing.Remove(new DateOf(pipeline, seen.Date));
                break;
            case BackfillEntry.Reserving reserving:
                Check(pipeline, reserving);
                break;
            case BackfillEntry.Created created:
                ClaimedOf(pipeline).UnionWith(created.Dates.Where(d => !_overEarly.Contains((pipeline, d))));
                break;
            case BackfillEntry.OverEarly over:
                _overEarly.Add((pipeline, over.Date));
                break;
            case BackfillEntry.ClaimKept kept:
                ClaimedOf(pipeline).Add(kept.Date);
                break;
            case BackfillEntry.ClaimOver over:
                ClaimedOf(pipeline).Remove(over.Date);
                break;
        }
    }

    public override void Forget(DateOf date)
    {
        _lateByProcessing.Remove(date);
        _processing = _processing == date ? null : _processing;
    }

    public override void Forget(PipelineName pipeline)
    {
        _current.Remove(pipeline);
        _claimed.Remove(pipeline);
        _overEarly.RemoveWhere(o => o.Item1 == pipeline);
    }

    private void SeePartition(DateOf date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.Processed or PartitionEntry.Adopted:
                _processing = date;
                break;
            case PartitionEntry.LatenessReported { Late: true } when _processing == date:
                _lateByProcessing.Add(date);
                break;
            case PartitionEntry.ChangeSeen or PartitionEntry.BaselineSeen:
                _processing = null;
                break;
        }
    }

    private HashSet<LogicalDate> ClaimedOf(PipelineName pipeline)
    {
        if (!_claimed.TryGetValue(pipeline, out var claimed))
        {
            _claimed.Add(pipeline, claimed = []);
        }

        return claimed;
    }

    private void Check(PipelineName pipeline, BackfillEntry.Reserving reserving)
    {
        var (begun, newest, late) = _current[pipeline];
        var definition = ledger.Pipeline(pipeline).CreationDefinition!;
        foreach (var date in late.Where(d => truth.IsLate(d, newest) && !ClaimedOf(pipeline).Contains(d.Date) && !reserving.Dates.Contains(d.Date)))
        {
            var tooOld = definition.Lookback is { } lookback && definition.Schedule.Distance(date.Date, begun.Request.Date) > lookback;
            Expect(tooOld, Invariant, $"{date} was late when the creation of {begun.Request.Run} began, but it was not asked for");
        }

        foreach (var date in reserving.Dates)
        {
            Expect(date < begun.Request.Date, Invariant, $"the creation of {begun.Request.Run} asks for {date}, which is not before its own date");
        }
    }
}

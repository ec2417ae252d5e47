using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 4: one live claim covers a partition, it leads to one run, and the files say what was reserved.</summary>
internal sealed class ClaimRule(Ledger ledger, SimulatedWorld world, Truth truth, Findings findings) : Rule(findings)
{
    private const string Invariant = "4 (one live claim)";
    private const string File = "4 (the file says what was reserved)";

    private readonly Dictionary<DateOf, Claim> _live = [];
    private readonly Dictionary<(PipelineName, string), SortedSet<LogicalDate>> _reserved = [];
    private readonly Dictionary<ActivityKey, WriteConfiguration> _writing = [];
    private readonly Dictionary<PipelineName, long> _leastRows = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: BackfillEntry.Reserving } happened:
                var asking = PipelineName.Parse(happened.Actor.Key);
                _leastRows[asking] = ledger.Pipeline(asking).CreationDefinition!.MinRows;
                break;
            case Fact.Happened { Entry: PartitionEntry entry } happened:
                SeeEntry(DateOf.Actor(happened.Actor), entry);
                break;
            case Fact.Started { Input: WriteConfiguration file } started:
                _writing[started.Key] = file;
                CheckFile(started, file);
                break;
            case Fact.Ended { Outcome: ActivityOutcome.Completed } ended when _writing.Remove(ended.Key, out var written):
                var stored = world.File($"{written.Folder}/{written.File}");
                Expect(stored?.SequenceEqual(written.Partitions) == true, File, $"{written.File} was written, but holds [{string.Join(", ", stored ?? [])}]");
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (date, claim) in _live)
        {
            // Whether something else runs what was claimed for it is not for us to say.
            var isOpen = claim.Run is { } run ? ledger.Date(date).Runs[run].Ended is null : claim.For is not null;
            Expect(isOpen, Invariant, $"{date} is claimed by {claim.Id}, which leads to no run");
        }

        foreach (var pipeline in ledger.Pipelines)
        {
            var known = rest.StateOfType<BackfillState>(ActorIds.Backfill(pipeline.Name))?.Claims.Select(c => (c.Key, c.Value.ClaimId)) ?? [];
            var live = _live.Where(c => c.Key.Pipeline == pipeline.Name).Select(c => (c.Key.Date, c.Value.Id)).Order();
            Expect(known.SequenceEqual(live), Invariant, $"the backfill singleton knows the claims {string.Join(", ", known)}, the partitions {string.Join(", ", live)}");
        }
    }

    public override void Forget(DateOf date) => _live.Remove(date);

    public override void Forget(PipelineName pipeline)
    {
        Drop(_reserved, k => k.Item1 == pipeline);
        _leastRows.Remove(pipeline);
    }

    private void SeeEntry(DateOf date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.Reserved reserved:
                Reserve(date, reserved);
                break;
            case PartitionEntry.RunCreated { Kind: RunKind.Backfill } created:
                // One that a person has cleared runs again without a claim.
                var open = ledger.Date(date).Runs.Values.FirstOrDefault(r => r is { Kind: RunKind.Backfill, Ended: null, ClearNumber: 0 });
                Expect(open is null, Invariant, $"{date} got the backfill {created.Run} while {open?.Id} had not ended");
                break;
            case PartitionEntry.ClaimBound bound:
                Expect(_live.TryGetValue(date, out var claim) && claim.Id == bound.ClaimId && claim.Run is null, Invariant, $"{bound.Run} of {date} was triggered by {bound.ClaimId}, but live was {claim}");
                _live[date] = new Claim(bound.ClaimId, claim?.CreatedBy ?? bound.Run, bound.Run, claim?.For);
                break;
            case PartitionEntry.ClaimOver over:
                Expect(_live.Remove(date, out var ended) && ended.Id == over.ClaimId, Invariant, $"{over.ClaimId} ended on {date}, but live was {ended}");
                Expect((ended?.Run is null) == (over.Succeeded is null), Invariant, $"{over.ClaimId} on {date} ended as {over.Succeeded}, but its run was {ended?.Run}");
                break;
            case PartitionEntry.ClaimsReceived received:
                Receive(date.Pipeline, received.Run, received.Claimed);
                break;
            case PartitionEntry.ExternalCreationEnded { Claimed: { } claimed } creation:
                Receive(date.Pipeline, creation.Run, claimed);
                break;
        }
    }

    private void Receive(PipelineName pipeline, RunId run, ClaimedPartitions claimed)
    {
        var reserved = _reserved.GetValueOrDefault((pipeline, claimed.ClaimId)) ?? [];
        Expect(claimed.Dates.SequenceEqual(reserved), Invariant, $"{run} was given {string.Join(", ", claimed.Dates)}, but reserved were {string.Join(", ", reserved)}");
    }

    private void Reserve(DateOf date, PartitionEntry.Reserved reserved)
    {
        Expect(_live.TryAdd(date, new Claim(reserved.ClaimId, reserved.CreatedBy, Run: null, reserved.For)), Invariant,
            $"{date} was reserved for {reserved.ClaimId} while {_live.GetValueOrDefault(date)?.Id} was live");
        Expect(truth.IsLate(date), Invariant, $"{date} was reserved for {reserved.ClaimId}, but is not late");
        var open = ledger.Date(date).Runs.Values.FirstOrDefault(r => r.Ended is null && r.Tasks[(int)TaskKind.MarkProcessed] != TaskState.Success);
        Expect(open is null, Invariant, $"{date} was reserved for {reserved.ClaimId}, but {open?.Id} is about to process it");
        var rows = truth.LateRows(date);
        var least = _leastRows[date.Pipeline];
        Expect(rows >= least, Invariant, $"{date} was reserved for {reserved.ClaimId} with {rows} late rows, fewer than {least}");
        if (!_reserved.TryGetValue((date.Pipeline, reserved.ClaimId), out var dates))
        {
            _reserved.Add((date.Pipeline, reserved.ClaimId), dates = []);
        }

        dates.Add(date.Date);
    }

    private void CheckFile(Fact.Started started, WriteConfiguration file)
    {
        var pipeline = PipelineName.Parse(started.Key.Actor.Key);
        var definition = ledger.Pipeline(pipeline).Definition!;
        var claim = started.Key.Id["write/".Length..];
        var expected = (_reserved.GetValueOrDefault((pipeline, claim)) ?? []).Select(d => $"{definition.Inputs[0].Column}={definition.Inputs[0].ValueOf(d)}").ToList();
        Expect(file.Partitions.SequenceEqual(expected), File, $"{file.File} is to say [{string.Join(", ", file.Partitions)}], but reserved were [{string.Join(", ", expected)}]");
        Expect(file.Folder == definition.ConfigurationFolder, File, $"{file.File} is to go into {file.Folder}, not {definition.ConfigurationFolder}");
    }
}

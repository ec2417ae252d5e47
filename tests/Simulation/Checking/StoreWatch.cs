using System.Runtime.CompilerServices;
using System.Text;
using Latecomer.Actors;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>Holds what becomes durable against the rules of the runtime itself (who owns a shard, order and number of messages, revisions, timers), and
/// tells it on, fact by fact.</summary>
internal sealed class StoreWatch(ActorCatalog catalog, Findings findings, Trace trace) : IModelWatch
{
    private const string Runtime = "runtime";

    private readonly Dictionary<ShardId, Lease?> _owners = [];
    private readonly Dictionary<ShardId, long> _epochs = [];
    private readonly Dictionary<long, Mail> _read = [];
    private readonly HashSet<long> _consumed = [];
    private readonly HashSet<TimerKey> _fired = [];
    private readonly Dictionary<(ActorId From, ActorId To), Queue<byte[]>> _underWay = [];
    private readonly Dictionary<ActorId, long> _revisions = [];
    private readonly HashSet<ActivityKey> _activities = [];

    private readonly Lifetimes _lifetimes = new(findings);

    /// <summary>Whether a batch must name the lease of the shard's owner; else only what comes of it counts.</summary>
    public bool LooksAtTokens { get; set; } = true;

    /// <summary>Hears every fact.</summary>
    public Action<Fact> Tell { get; set; } = _ => { };

    /// <summary>Turns that became durable.</summary>
    public int Turns { get; private set; }

    /// <summary>Messages that nobody has handled yet.</summary>
    public int MailUnderWay { get; private set; }

    /// <summary>What was written, and may be removed again.</summary>
    public KeptHistory Kept { get; } = new(findings);

    public Dictionary<(string Projection, string Key), byte[]> Rows { get; } = [];

    public IEnumerable<ActorId> Actors => _revisions.Keys;

    public void Taken(IEnumerable<Lease> leases)
    {
        foreach (var lease in leases)
        {
            Expect(lease.Epoch > _epochs.GetValueOrDefault(lease.Shard), $"{lease.Shard} was taken under epoch {lease.Epoch}, which is not higher than before");
            _epochs[lease.Shard] = lease.Epoch;
            _owners[lease.Shard] = lease;
        }
    }

    public void Released(IEnumerable<Lease> leases)
    {
        foreach (var lease in leases)
        {
            _epochs[lease.Shard] = lease.Epoch + 1;
            _owners[lease.Shard] = null;
        }
    }

    public void Decided(Incarnation node, Incarnation? from, DateTimeOffset at) => _lifetimes.Decided(node, from, at);

    public void Lives(Incarnation node, DateTimeOffset until) => _lifetimes.Lives(node, until);

    public void Read(ShardWork work)
    {
        foreach (var mail in work.Mail)
        {
            _read[mail.Id] = mail;
        }
    }

    public void Accepted(NewRequest request)
    {
        MailUnderWay++;
        trace.Add($"request {request.Id} is accepted");
        Tell(new Fact.Requested(request));
    }

    public void Refused(InvalidTurnException fault) => findings.Report(Runtime, $"the store refused a turn: {fault.Message}");

    public void Completed(ActivityAssignment assignment, ActivityEnded ended)
    {
        Expect(_activities.Remove(assignment.Key), $"the end of {assignment.Key} was accepted twice");
        MailUnderWay++;
        trace.Add($"{assignment.Key} ended as {ended.Outcome} by attempt {ended.Attempt}");
        trace.Count($"activities {ended.Outcome.ToString().ToLowerInvariant()}");
        if (ended.Attempt > 1)
        {
            trace.Count("activities ended by a later attempt");
        }

        Tell(new Fact.Ended(assignment.Key, ended.Outcome));
    }

    public void Committed(TurnBatch batch)
    {
        Turns += batch.Consumed.Count + batch.Fired.Count + batch.Requests.Count;
        trace.Add($"commit {batch.Lease.Shard} epoch {batch.Lease.Epoch}: {string.Join(", ", batch.Journal.Select(e => $"{e.Actor}@{e.Revision} {e.Entry.Type}"))}");
        trace.Detail(() => batch.Journal.Select(e => $"{e.Actor}@{e.Revision} {e.Entry.Type} {Encoding.UTF8.GetString(e.Entry.Body)} because of {e.Cause}"));
        trace.Detail(() => batch.Sends.Select(s => $"{s.From} tells {s.To} {s.Message.Type} {Encoding.UTF8.GetString(s.Message.Body)}"));
        ExpectOwner(batch.Lease);
        Kept.Committed(batch);
        TakeUp(batch);
        Consume(batch);
        Revise(batch);
        Deliver(batch);
        TellAll(batch);
    }

    public void Trimmed(Lease lease, DateTimeOffset before, int removed)
    {
        ExpectOwner(lease);
        Kept.Trimmed(lease.Shard, before, removed);
        trace.Count("journal entries removed", removed);
    }

    private void TakeUp(TurnBatch batch)
    {
        foreach (var request in batch.Requests)
        {
            trace.Add($"request {request.Id} is taken up");
            trace.Count("requests taken up without a mailbox");
            Tell(new Fact.Requested(request));
        }
    }

    private void ExpectOwner(Lease lease) => Expect(!LooksAtTokens || _owners.GetValueOrDefault(lease.Shard) == lease,
        $"{lease.Shard} was written under epoch {lease.Epoch}, but it belongs to {_owners.GetValueOrDefault(lease.Shard)}");

    private void Consume(TurnBatch batch)
    {
        foreach (var id in batch.Consumed)
        {
            Expect(_consumed.Add(id), $"message {id} was handled twice");
            MailUnderWay--;
            if (_read.Remove(id, out var mail) && mail.From is { } from)
            {
                var ahead = _underWay.GetValueOrDefault((from, mail.To));
                Expect(ahead is { Count: > 0 } && ahead.Dequeue().AsSpan().SequenceEqual(mail.Message.Body),
                    $"{mail.To} handled {mail.Message.Type} from {from} before an earlier message of the same sender");
            }
        }

        foreach (var timer in batch.Fired)
        {
            Expect(_fired.Add(timer), $"timer {timer.Name} of {timer.Actor} fired twice in generation {timer.Generation}");
        }

        foreach (var letter in batch.DeadLetters)
        {
            findings.Report(Runtime, $"{letter.Message.Type} to {letter.To} was set aside: {letter.Error}");
        }
    }

    private void Revise(TurnBatch batch)
    {
        foreach (var (image, replaces) in batch.States)
        {
            var known = _revisions.GetValueOrDefault(image.Actor);
            Expect(known == replaces && image.Revision > replaces, $"{image.Actor} went from revision {replaces} to {image.Revision}, but was at {known}");
            var written = batch.Journal.Where(e => e.Actor == image.Actor).Select(e => e.Revision).Distinct();
            Expect(written.SequenceEqual(Enumerable.Range((int)replaces + 1, (int)(image.Revision - replaces)).Select(r => (long)r)),
                $"{image.Actor} has no journal for each revision from {replaces} to {image.Revision}");
            _revisions[image.Actor] = image.Revision;
        }
    }

    private void Deliver(TurnBatch batch)
    {
        foreach (var mail in batch.Sends)
        {
            MailUnderWay++;
            if (mail.From is { } from)
            {
                if (!_underWay.TryGetValue((from, mail.To), out var queue))
                {
                    _underWay.Add((from, mail.To), queue = new Queue<byte[]>());
                }

                queue.Enqueue(mail.Message.Body);
            }
        }

        foreach (var (projection, key, body) in batch.Rows)
        {
            if (body is null)
            {
                Rows.Remove((projection, key));
            }
            else
            {
                Rows[(projection, key)] = body;
            }
        }
    }

    private void TellAll(TurnBatch batch)
    {
        foreach (var send in batch.Sends)
        {
            Tell(new Fact.Sent(send.From, send.To, send.Message));
        }

        foreach (var entry in batch.Journal.Where(e => !AuditRecord.IsOfRuntime(e.Entry)))
        {
            Tell(new Fact.Happened(entry.Actor, catalog.BehaviorOf(entry.Actor).ReadEntry(entry.Entry)));
        }

        foreach (var activity in batch.Activities)
        {
            if (activity is { Kind: { } kind, Input: { } input })
            {
                _activities.Add(activity.Key);
                Tell(new Fact.Started(activity.Key, kind, InputOf(kind, input)));
            }
        }

        batch.Rows.ForEach(row => Tell(new Fact.Projected(row.Projection, row.Key, row.Body)));
        batch.Replies.ForEach(reply => Tell(new Fact.Replied(reply.Request, reply.Reply, batch.At)));
        Tell(new Fact.BatchOver());
    }

    private static object InputOf(string kind, byte[] input) => kind switch
    {
        RunWork.Kind => DurableJson.Read<RunWork>(input),
        WriteConfiguration.Kind => DurableJson.Read<WriteConfiguration>(input),
        _ => input,
    };

    private void Expect(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Otherwise otherwise)
    {
        if (!holds)
        {
            findings.Report(Runtime, otherwise.ToString());
        }
    }
}

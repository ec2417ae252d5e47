using Latecomer.Runtime;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Tells the simulation's watch what real nodes made durable, transaction by transaction, as if it had stood between them and the store; and holds
/// against the log what only the log can show: that nobody writes past the fence, and that positions have no gaps.</summary>
internal sealed partial class TransactionReplay(ActorCatalog catalog, StoreWatch watch, Findings findings, Action<ActivityAssignment, ActivityEnded> ended)
{
    /// <summary>The type of messages that nobody can read.</summary>
    public const string Poison = "Poison";

    private const string Runtime = "runtime";

    private static readonly HashSet<string> OnlyFenced = new(StringComparer.Ordinal) { "journal", "actor_state", "timer", "projection", "dead_letter" };

    private readonly ActorCatalog _catalog = catalog;
    private readonly StoreWatch _watch = watch;
    private readonly Findings _findings = findings;
    private readonly Dictionary<ShardId, ShardOwnership> _shards = [];
    private readonly Dictionary<long, Mail> _mail = [];
    private readonly HashSet<long> _poison = [];
    private readonly Dictionary<ActivityKey, ActivityAssignment> _activities = [];
    private readonly Dictionary<ActorId, long> _revisions = [];
    private readonly Dictionary<ShardId, long> _positions = [];
    private readonly Dictionary<(ActorId, string), long> _timers = [];

    /// <summary>Take-overs and hand-overs, by when.</summary>
    public List<(DateTimeOffset At, ShardId Shard, long Epoch, Incarnation? Owner)> Owners { get; } = [];

    /// <summary>Messages that were poisoned.</summary>
    public int Poisoned => _poison.Count;

    /// <summary>Poisoned messages that were set aside.</summary>
    public int PoisonSetAside { get; private set; }

    /// <summary>Transactions that passed the fence.</summary>
    public int Batches { get; private set; }

    public void Replay(WalTransaction transaction)
    {
        var leases = transaction.Changes.OfType<WalChange.Said>().Where(s => s.Prefix == WriteAheadLog.Fenced).Select(s => LeaseOf(s.Content)).Distinct().ToList();
        if (leases.Count == 0)
        {
            Unfenced(transaction);
            return;
        }

        Batches++;
        foreach (var (batch, consumed) in new BatchReading(transaction, leases, this).Read())
        {
            _watch.Read(new ShardWork(transaction.At, consumed, [], 0));
            _watch.Committed(batch);
        }
    }

    private static Lease LeaseOf(string said)
    {
        var parts = said.Split(' ');
        return new Lease(new ShardId(int.Parse(parts[0])), long.Parse(parts[1]), new Incarnation(Guid.Parse(parts[2])));
    }

    private void Unfenced(WalTransaction transaction)
    {
        var puts = transaction.Changes.OfType<WalChange.Put>().ToList();
        foreach (var row in puts.Where(p => p.Table == "shard"))
        {
            Own(transaction.At, row.Values);
        }

        if (puts.Find(p => OnlyFenced.Contains(p.Table)) is { } stray)
        {
            _findings.Report(Runtime, $"transaction {transaction.Id} wrote {stray.Table} without passing the fence");
        }

        foreach (var row in puts.Where(p => p.Table == "activity"))
        {
            Claim(row);
        }

        var requests = puts.Where(p => p is { Table: "request", IsNew: true }).ToDictionary(p => p.Values.Text("id"), p => p.Values, StringComparer.Ordinal);
        var over = transaction.Changes.OfType<WalChange.Removed>().Where(r => r.Table == "activity").Select(r => r.Key.Activity()).ToHashSet();
        foreach (var mail in puts.Where(p => p is { Table: "mailbox", IsNew: true }).Select(p => p.Values))
        {
            Receive(transaction, mail, requests, over);
        }

        if (over.Count > 0)
        {
            _findings.Report(Runtime, $"transaction {transaction.Id} ended {string.Join(", ", over)}, and nobody was told");
        }
    }

    private void Receive(
        WalTransaction transaction, IReadOnlyDictionary<string, string?> mail, Dictionary<string, IReadOnlyDictionary<string, string?>> requests, HashSet<ActivityKey> over)
    {
        if (mail.Text("type") == Poison)
        {
            _poison.Add(mail.Long("id"));
        }
        else if (mail["request"] is { } id && requests.TryGetValue(id, out var request))
        {
            var sent = Put(mail);
            _watch.Accepted(new NewRequest(
                RequestId.Parse(id), request.Text("hash"), sent.To, mail.Shard(), sent.Message, new DateTimeOffset(request.Long("expires_at"), TimeSpan.Zero)));
        }
        else if (mail.Text("type") == ActivityEndedFormat.Type)
        {
            End(Put(mail), over, transaction);
        }
        else
        {
            _findings.Report(Runtime, $"transaction {transaction.Id} sent {mail.Text("type")} to {mail.Text("actor")} without passing the fence");
        }
    }

    private void Own(DateTimeOffset at, IReadOnlyDictionary<string, string?> row)
    {
        var now = new ShardOwnership(row.Shard(), row.Long("epoch"), row["owner"] is { } owner ? new Incarnation(Guid.Parse(owner)) : null);
        var before = _shards.GetValueOrDefault(now.Shard);
        _shards[now.Shard] = now;
        if (now.Epoch == 0)
        {
            return;
        }

        Owners.Add((at, now.Shard, now.Epoch, now.Owner));
        if (now.Owner is { } taken)
        {
            _watch.Taken([new Lease(now.Shard, now.Epoch, taken)]);
        }
        else if (before?.Owner is { } left)
        {
            _watch.Released([new Lease(now.Shard, now.Epoch - 1, left)]);
        }
    }

    private void Claim(WalChange.Put row)
    {
        var key = row.Values.Activity();
        if (!row.IsNew && _activities.TryGetValue(key, out var known))
        {
            _activities[key] = known with { Attempt = row.Values.Int("attempt") };
        }
    }

    private void End(Mail mail, HashSet<ActivityKey> removed, WalTransaction transaction)
    {
        var said = ActivityEndedFormat.Read(mail.Message);
        var key = new ActivityKey(mail.To, said.Id);
        if (!removed.Remove(key) || !_activities.Remove(key, out var assignment))
        {
            _findings.Report(Runtime, $"transaction {transaction.Id} told the end of {key}, which was not under way");
            return;
        }

        if (said.Attempt != assignment.Attempt)
        {
            _findings.Report(Runtime, $"the end of {key} by attempt {said.Attempt} was accepted, but {assignment.Attempt} is the last");
        }

        ended(assignment, said);
        _watch.Completed(assignment, said);
    }

    private Mail Put(IReadOnlyDictionary<string, string?> row)
    {
        var mail = new Mail(
            row.Long("id"), row.Actor(), row.ActorOrNull("sender"), row.Message(), row.Text("cause"), 0, row["request"] is { } request ? RequestId.Parse(request) : null);
        _mail[mail.Id] = mail;
        return mail;
    }
}

using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Nemesis;

/// <content>Transactions that passed the fence.</content>
internal sealed partial class TransactionReplay
{
    /// <summary>Batches of turns that became real together, put together again from the rows that they wrote.</summary>
    private sealed class BatchReading(WalTransaction transaction, List<Lease> leases, TransactionReplay replay)
    {
        private readonly List<(TurnBatch Batch, List<Mail> Consumed)> _batches = [.. leases.Select(l => (new TurnBatch(l, transaction.At), new List<Mail>()))];
        private bool _fired;

        public IReadOnlyList<(TurnBatch Batch, List<Mail> Consumed)> Read()
        {
            foreach (var change in transaction.Changes)
            {
                switch (change)
                {
                    case WalChange.Put put:
                        Put(put.Table, put.IsNew, put.Values);
                        break;
                    case WalChange.Removed removed:
                        Remove(removed.Table, removed.Key);
                        break;
                }
            }

            _batches.ForEach(b => b.Batch.Consumed.Sort());
            return _batches;
        }

        /// <summary>The batch of the lease that covers a shard. Rows that any shard may write go to the first, answers to the last, as they come of all the others.</summary>
        private TurnBatch Of(ShardId shard)
        {
            if (_batches.Find(b => b.Batch.Lease.Shard == shard).Batch is { } batch)
            {
                return batch;
            }

            replay._findings.Report(Runtime, $"transaction {transaction.Id} wrote {shard} without passing its fence");
            return _batches[0].Batch;
        }

        private void Put(string table, bool isNew, IReadOnlyDictionary<string, string?> row)
        {
            switch (table)
            {
                case "journal":
                    Enter(row);
                    break;
                case "actor_state":
                    var image = new StateImage(row.Actor(), row.Long("revision"), row.Int("schema_version"), row.Bytes("body"));
                    Of(replay._catalog.ShardOf(image.Actor)).States.Add((image, replay._revisions.GetValueOrDefault(image.Actor)));
                    replay._revisions[image.Actor] = image.Revision;
                    break;
                case "mailbox" when isNew:
                    var mail = replay.Put(row);
                    Of(mail.From is { } from ? replay._catalog.ShardOf(from) : row.Shard()).Sends.Add(new NewMail(mail.To, row.Shard(), mail.From, mail.Message, mail.Cause));
                    break;
                case "timer" when isNew:
                    replay._timers[(row.Actor(), row.Text("name"))] = row.Long("generation");
                    break;
                case "activity" when isNew:
                    var started = new ActivityAssignment(row.Activity(), row.Shard(), row.Text("kind"), row.Bytes("input"), 0, CancelRequested: false);
                    replay._activities[started.Key] = started;
                    Of(row.Shard()).Activities.Add(new NewActivity(started.Key, started.Kind, started.Input, row.Text("cause")));
                    break;
                case "request" when isNew && !row.Text("id").StartsWith(Poison, StringComparison.Ordinal):
                    TakeUp(row);
                    break;
                case "request" when row["status"] is { } status && !row.Text("id").StartsWith(Poison, StringComparison.Ordinal):
                    Reply(row, status);
                    break;
                case "projection":
                    _batches[0].Batch.Rows.Add((row.Text("projection"), row.Text("key"), row.Bytes("body")));
                    break;
                case "dead_letter":
                    SetAside(row);
                    break;
            }
        }

        /// <summary>A request that lay in no mailbox. What it asked was not written down: its id tells whether it triggers a run, and more is not held against it.</summary>
        private void TakeUp(IReadOnlyDictionary<string, string?> row)
        {
            var id = RequestId.Parse(row.Text("id"));
            var to = ActorIds.Pipeline(PipelineName.Parse("untold"));
            var message = id.Value.StartsWith("trigger-", StringComparison.Ordinal)
                ? replay._catalog.BehaviorOf(to).WriteMessage(new PipelineMessage.Trigger(id, LogicalDate.Parse("1999-01-01")))
                : Ping.Message;
            _batches[0].Batch.Requests.Add(new NewRequest(
                id, row.Text("hash"), to, replay._catalog.ShardOf(to), message, new DateTimeOffset(row.Long("expires_at"), TimeSpan.Zero)));
            if (row["status"] is { } status)
            {
                Reply(row, status);
            }
        }

        private void Reply(IReadOnlyDictionary<string, string?> row, string status) => _batches[^1].Batch.Replies.Add((
            RequestId.Parse(row.Text("id")), new StoredReply(Enum.Parse<ReplyStatus>(status), row["body"] is null ? null : row.Bytes("body"), row["message"])));

        private void Remove(string table, IReadOnlyDictionary<string, string?> key)
        {
            switch (table)
            {
                case "mailbox" when replay._mail.Remove(key.Long("id"), out var mail):
                    Of(key.Shard()).Consumed.Add(mail.Id);
                    _batches.Find(b => b.Batch.Lease.Shard == key.Shard()).Consumed?.Add(mail);
                    break;
                case "mailbox" when !replay._poison.Contains(key.Long("id")):
                    replay._findings.Report(Runtime, $"transaction {transaction.Id} consumed message {key.Long("id")}, which is not there");
                    break;
                case "timer" when replay._timers.Remove((key.Actor(), key.Text("name")), out var generation) && !_fired:
                    Of(key.Shard()).Fired.Add(new TimerKey(key.Actor(), key.Text("name"), generation));
                    break;
                case "projection":
                    _batches[0].Batch.Rows.Add((key.Text("projection"), key.Text("key"), null));
                    break;
            }
        }

        private void Enter(IReadOnlyDictionary<string, string?> row)
        {
            _fired = true;
            Of(replay._catalog.ShardOf(row.Actor())).Journal.Add(new NewJournalEntry(row.Actor(), row.Long("revision"), row.Message(), row.Text("cause")));
            var last = replay._positions.GetValueOrDefault(row.Shard());
            if (row.Long("position") != last + 1)
            {
                replay._findings.Report(Runtime, $"the journal of {row.Shard()} goes on at position {row.Long("position")} after {last}");
            }

            replay._positions[row.Shard()] = row.Long("position");
        }

        private void SetAside(IReadOnlyDictionary<string, string?> row)
        {
            if (replay._poison.Contains(row.Long("id")))
            {
                replay.PoisonSetAside++;
                return;
            }

            Of(row.Shard()).DeadLetters.Add(new DeadLetter(
                row.Long("id"), row.Actor(), row.ActorOrNull("sender"), row.Message(), row.Text("cause"), Request: null, row.Text("error"),
                row.Text("suspends") == "true", transaction.At));
        }
    }
}

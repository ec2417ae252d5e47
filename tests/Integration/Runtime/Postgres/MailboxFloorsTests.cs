using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Reads of a mailbox begin above what is consumed, and never above what may still come.</summary>
public sealed class MailboxFloorsTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private SharedDatabase _database = null!;
    private PostgresRuntimeStore _store = null!;
    private PostgresDatabase _way = null!;
    private MailboxFloors _floors = null!;

    public async Task InitializeAsync()
    {
        _database = await SharedDatabase.Open();
        _store = await _database.OpenStore();
        _way = new PostgresDatabase(_database.ConnectionString);
        _floors = new MailboxFloors(new FloorQueries(_way).Look, _clock) { Every = TimeSpan.MaxValue };
        _floors.Of([SharedDatabase.Shard.Number, SharedDatabase.OtherShard.Number]);
    }

    public async Task DisposeAsync()
    {
        await _way.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task They_pass_what_is_consumed_though_an_open_snapshot_still_sees_it()
    {
        await Send("a", "b", "c");
        var reader = await _database.Connect();
        await SharedDatabase.Execute(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM latecomer.mailbox");
        var mail = await Mail();
        await Consume(mail[0], mail[1]);
        await FloorReaches(mail[2] - 1);
        await Consume(mail[2]);
        await FloorReaches(await _database.Scalar<long>("SELECT last_value FROM latecomer.number"));
        await Send("d");
        (await Mail()).ShouldHaveSingleItem().ShouldBeGreaterThan(Floor());
    }

    [Fact]
    public async Task They_wait_for_a_transaction_that_was_given_a_lower_number()
    {
        var slow = await _database.OpenStore(SharedDatabase.AtGate);
        var gate = await _database.Hold();
        var sent = slow.Turns.Commit(Batch(b => b.Sends.Add(Said("slow", SharedDatabase.OtherShard))), default).AsTask();
        await _database.UntilAtGate();
        var drawn = await _database.Scalar<long>("SELECT last_value FROM latecomer.number");
        await _store.Requests.Submit(
            new NewRequest(
                RequestId.Parse("fast"), "hash", SharedDatabase.Alice, SharedDatabase.OtherShard, new SerializedMessage("Said", 1, "fast"u8.ToArray()),
                DateTimeOffset.UnixEpoch.AddYears(100)),
            default);
        (await _database.Scalar<long>("SELECT max(id) FROM latecomer.mailbox")).ShouldBeGreaterThan(drawn);
        for (var i = 0; i < 5; i++)
        {
            await _floors.Look();
            Floor(SharedDatabase.OtherShard).ShouldBeLessThan(drawn);
        }

        await _database.Release(gate);
        await sent;
        await FloorReaches(drawn - 1, SharedDatabase.OtherShard);
        for (var i = 0; i < 5; i++)
        {
            await _floors.Look();
            Floor(SharedDatabase.OtherShard).ShouldBe(drawn - 1);
        }
    }

    [Fact]
    public async Task They_stop_at_a_dead_letter_for_it_may_come_back()
    {
        await Send("bad", "good");
        var work = await _store.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default);
        var bad = work.Mail[0];
        await Commit(b =>
        {
            b.Consumed.AddRange(work.Mail.Select(m => m.Id));
            b.DeadLetters.Add(new DeadLetter(bad.Id, bad.To, bad.From, bad.Message, bad.Cause, Request: null, "because", Suspends: false, DateTimeOffset.UnixEpoch));
        });
        await FloorReaches(bad.Id - 1);
        for (var i = 0; i < 5; i++)
        {
            await _floors.Look();
            Floor().ShouldBe(bad.Id - 1);
        }

        var request = new DecidedRequest(
            RequestId.Parse("retry"), "hash", new StoredReply(ReplyStatus.Ok, null, null), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        (await _store.DeadLetters.Settle(bad.Id, LetterFate.Retried, request, default)).ShouldBeOfType<SubmitOutcome.Accepted>();
        (await Mail()).ShouldBe([bad.Id]);
        await _floors.Look();
        Floor().ShouldBe(bad.Id - 1);
    }

    [Fact]
    public async Task However_many_dead_letters_there_are_they_are_looked_up_and_not_read_through()
    {
        await _database.Sql($"""
            INSERT INTO latecomer.dead_letter (id, shard, actor, type, schema_version, body, cause, error, suspends, at)
            SELECT n, {SharedDatabase.OtherShard.Number}, 'Toy/alice', 'Said', 1, '', 'test', 'because', false, 0 FROM generate_series(1000000, 1020000) AS n
            """);
        await _database.Sql("ANALYZE latecomer.dead_letter");
        await using var connection = await _database.Connect();
        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, TIMING OFF) {FloorQueries.Floors}", connection)
        {
            Parameters =
            {
                new() { Value = new[] { SharedDatabase.Shard.Number, SharedDatabase.OtherShard.Number } },
                new() { Value = new[] { 0L, 0L } },
                new() { Value = 1L },
                new() { Value = 0L },
            },
        };
        var plan = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }
        }

        plan.ShouldContain(line => line.Contains("dead_letter_shard", StringComparison.Ordinal), string.Join('\n', plan));
        plan.ShouldNotContain(line => line.Contains("Seq Scan on dead_letter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_are_not_trusted_when_nothing_was_heard_for_long()
    {
        await Send("a");
        await Consume([.. await Mail()]);
        await FloorReaches(1);
        _clock.Advance(_floors.Trusted);
        _floors.Of([SharedDatabase.Shard.Number]).ShouldBe([0]);
    }

    [Fact]
    public async Task Those_of_a_server_that_is_another_now_are_forgotten()
    {
        var server = "one";
        var floors = new MailboxFloors(
            (question, _) => Task.FromResult(new FloorAnswer([.. question.Floors.Select(f => (f.Key, 100L))], new FloorProof(100, 1), server)), _clock)
        {
            Every = TimeSpan.MaxValue,
        };
        floors.Of([1]);
        await floors.Look();
        await floors.Look();
        floors.Of([1]).ShouldBe([100]);
        server = "two";
        await floors.Look();
        floors.Of([1]).ShouldBe([0]);
    }

    private static NewMail Said(string text, ShardId shard) =>
        new(SharedDatabase.Alice, shard, From: null, new SerializedMessage("Said", 1, System.Text.Encoding.UTF8.GetBytes(text)), "test");

    private static TurnBatch Batch(Action<TurnBatch> fill)
    {
        var batch = new TurnBatch(SharedDatabase.Lease, DateTimeOffset.UnixEpoch);
        fill(batch);
        return batch;
    }

    private Task Send(params IEnumerable<string> texts) => Commit(b => b.Sends.AddRange(texts.Select(t => Said(t, SharedDatabase.Shard))));

    private Task Consume(params IEnumerable<long> mail) => Commit(b => b.Consumed.AddRange(mail));

    private async Task Commit(Action<TurnBatch> fill) => (await _store.Turns.Commit(Batch(fill), default)).ShouldBe(CommitOutcome.Committed);

    private async Task<List<long>> Mail() => [.. (await _store.Turns.ReadWork(SharedDatabase.Shard, 10, 10, default)).Mail.Select(m => m.Id)];

    private long Floor(ShardId? shard = null) => _floors.Of([(shard ?? SharedDatabase.Shard).Number])[0];

    /// <summary>Tests beside this one have transactions under way, too, for a while.</summary>
    private async Task FloorReaches(long floor, ShardId? shard = null)
    {
        using var patience = new CancellationTokenSource(Liveness.Bound);
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            await _floors.Look();
        }
        while (Floor(shard) < floor);
    }
}

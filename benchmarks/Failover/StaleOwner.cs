using System.Globalization;
using Latecomer.Benchmarks.Turns;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Benchmarks.Failover;

/// <summary>A node without a watchdog that writes one turn after the other: it is stopped for ten seconds, wherever it just is, its shard is taken over
/// meanwhile, and it goes on writing under the lease that it had. Whatever it tries then must be refused.</summary>
internal static class StaleOwner
{
    private const int Attempts = 100;

    /// <summary>So many turns it has written when it says that it writes; the signal then finds it wherever it is.</summary>
    private const int Warm = 200;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private static readonly ShardId Shard = new(7);
    private static readonly ActorId Actor = new("Partition", "stale");

    /// <summary>The process that is stopped: it prints how often it was refused, and how often it was not, after it was the first time.</summary>
    public static async Task Run(string connectionString)
    {
        await using var store = await PostgresRuntimeStore.Open(connectionString, default);
        var self = new Incarnation(Guid.NewGuid());
        await store.Membership.Join(new NodeRegistration(self, "stale", "", ""), Lifetime, default);
        var lease = (await store.Leases.TakeOver([await Seen(store)], self, default))[0];
        var (refused, written, unknown) = (0, 0, 0);
        for (var revision = 0L; refused + written < Attempts;)
        {
            try
            {
                var committed = await store.Turns.Commit(Turn(lease, revision), default) == CommitOutcome.Committed;
                revision += committed ? 1 : 0;
                if (revision == Warm && committed)
                {
                    await Console.Out.WriteLineAsync("writes");
                }

                refused += committed ? 0 : 1;
                written += committed && refused > 0 ? 1 : 0;
            }
            catch (StoreFaultException)
            {
                // Its connection was ended in the middle of a turn, as a take-over does to whoever is silent.
                unknown++;
            }
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{refused} {written} {unknown}"));
    }

    /// <summary>Stops such a process, takes its shard over, lets it go on, and prints what became of its attempts.</summary>
    public static async Task Measure(string connectionString, int rounds, TimeSpan stopped)
    {
        await using var store = await PostgresRuntimeStore.Open(connectionString, default);
        var (refused, written, after, unknown) = (0, 0, 0L, 0);
        for (var round = 0; round < rounds; round++)
        {
            await using var stale = BenchProcess.Start("stale", connectionString);
            await stale.Line();
            await stale.Signal("STOP");

            // Not a wait: being stopped for so long is what is measured.
            await Task.Delay(stopped);
            var next = new Incarnation(Guid.NewGuid());
            await store.Membership.Join(new NodeRegistration(next, $"next-{round}", "", ""), Lifetime, default);
            var taken = await store.Leases.TakeOver([await Seen(store)], next, default);
            var before = await Entries(store);
            await stale.Signal("CONT");
            var said = (await stale.Line()).Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            (refused, written, unknown) = (refused + said[0], written + said[1], unknown + said[2]);
            after += await Entries(store) - before;
            await store.Leases.Release(taken, default);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stopped for {stopped.TotalSeconds:F0} s while it wrote, no watchdog, {rounds} times: {refused + written} attempts under the lost lease, {refused} refused by the fence, {written + after} written; {unknown} connections ended"));
        if (written + after > 0 || refused == 0)
        {
            throw new BenchException("a stale owner wrote, or tried nothing");
        }
    }

    private static async Task<int> Entries(PostgresRuntimeStore store) =>
        await store.Journal.Read(Shard, 0, int.MaxValue, default) is JournalPage.Entries { Items: var items } ? items.Count : throw new InvalidOperationException("Nothing removes entries here.");

    private static async Task<ShardOwnership> Seen(PostgresRuntimeStore store) =>
        (await store.Leases.List(default)).SingleOrDefault(l => l.Shard == Shard) ?? new ShardOwnership(Shard, 0, Owner: null);

    private static TurnBatch Turn(Lease lease, long revision)
    {
        // An actor of its own for each life: what an earlier one wrote is none of its business.
        var actor = new ActorId(Actor.Kind, $"{Actor.Key}-{lease.Epoch}");
        var batch = new TurnBatch(lease, DateTimeOffset.UnixEpoch);
        batch.States.Add((new StateImage(actor, revision + 1, 1, "{}"u8.ToArray()), revision));
        batch.Journal.Add(new NewJournalEntry(actor, revision + 1, new SerializedMessage("Marked", 1, "{}"u8.ToArray()), "bench"));
        return batch;
    }
}

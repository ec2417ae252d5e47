namespace Latecomer.Tests.Simulation;

/// <summary>The cluster on a model of PostgreSQL: a few seeds with the store's own transactions, and what is noticed when they are weaker.</summary>
public sealed class ModelFacts
{
    private const int SeedsToNotice = 40;
    private const string Repeated = "It is repeated by: tests/Simulation/run --store postgres-model --seed";

    [Fact]
    public void Every_invariant_holds_whatever_happens_between_two_statements()
    {
        var results = Run(seeds: 24, broken: null);

        string[] met = ["waits for locks", "locks that were not had in time", "silent transactions ended by take-overs", "transactions that lost their client",
            "groups of shards that shared a transaction", "groups tried apart", "groups of which nobody knows what became of them",
            "journal entries removed", "replies removed", "tries removed"];
        foreach (var what in met)
        {
            results.Sum(r => r.Counts.GetValueOrDefault(what)).ShouldBeGreaterThan(0, what);
        }
    }

    [Fact]
    public void A_shared_fence_is_safe() => Run(seeds: 3, Break.ForShare);

    [Fact]
    public void A_seed_gives_the_same_history_again() =>
        SeededSimulation.Run(11, kind: StoreKind.PostgresModel).TraceHash.ShouldBe(SeededSimulation.Run(11, kind: StoreKind.PostgresModel).TraceHash);

    [Theory]
    [InlineData(nameof(Break.PlainSelect), "was written under epoch")]
    [InlineData(nameof(Break.InsideAnUpdate), "was written under epoch")]
    [InlineData(nameof(Break.ForKeyShare), "was written under epoch")]
    [InlineData(nameof(Break.AdvisoryLock), "was written under epoch")]
    [InlineData(nameof(Break.RepeatableRead), "was written under epoch")]
    [InlineData(nameof(Break.FrozenClock), "a node that had expired")]
    [InlineData(nameof(Break.FloorHint), "before an earlier message of the same sender", "are left at rest")]
    [InlineData(nameof(Break.Uncounted), "was handled twice", "fired twice")]
    [InlineData(nameof(Break.FenceOfAny), "was written under epoch")]
    [InlineData(nameof(Break.Unkeyed), "was accepted twice", "was answered twice")]
    public void What_others_do_instead_is_noticed(string broken, params string[] said)
    {
        var noticed = Enumerable.Range(1, SeedsToNotice).Select(seed => SeededSimulation.Run((ulong)seed, Enum.Parse<Break>(broken)))
            .FirstOrDefault(result => result.Violation is not null);

        noticed.ShouldNotBeNull($"none of {SeedsToNotice} seeds noticed {broken}");
        said.ShouldContain(words => noticed.Violation!.Contains(words, StringComparison.Ordinal), noticed.Violation);
    }

    private static List<SimulationResult> Run(int seeds, Break? broken)
    {
        var results = Enumerable.Range(1, seeds).Select(seed => SeededSimulation.Run((ulong)seed, broken, kind: StoreKind.PostgresModel)).ToList();
        results.ForEach(r => r.Violation.ShouldBeNull($"{string.Join('\n', r.LastLines)}\n{Repeated} {r.Seed}"));
        return results;
    }
}

namespace Latecomer.Tests.Simulation;

/// <summary>A few seeds, and what the simulation itself is worth. <c>./run</c> runs thousands.</summary>
public sealed class SimulationFacts
{
    private const int SeedsToNotice = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_invariant_holds(int seed)
    {
        var result = SeededSimulation.Run((ulong)seed);

        result.Violation.ShouldBeNull($"{string.Join('\n', result.LastLines)}\nIt is repeated by: tests/Simulation/run --seed {seed}");
        result.Turns.ShouldBeGreaterThanOrEqualTo(500);
        result.Crashes.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void A_seed_gives_the_same_history_again() =>
        SeededSimulation.Run(11).TraceHash.ShouldBe(SeededSimulation.Run(11).TraceHash);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_seed_gives_the_same_history_on_the_store_of_one_process(int seed)
    {
        var onSqlite = SeededSimulation.Run((ulong)seed, kind: StoreKind.Sqlite);

        onSqlite.Violation.ShouldBeNull(string.Join('\n', onSqlite.LastLines));
        onSqlite.TraceHash.ShouldBe(SeededSimulation.Run((ulong)seed).TraceHash);
    }

    [Fact]
    public void Another_seed_gives_another_history() =>
        SeededSimulation.Run(11).TraceHash.ShouldNotBe(SeededSimulation.Run(12).TraceHash);

    [Theory]
    [InlineData(nameof(Break.Fence), "runtime")]
    [InlineData(nameof(Break.Claim), "4 (")]
    [InlineData(nameof(Break.Pin), "2 (")]
    [InlineData(nameof(Break.Sync), "3 (")]
    [InlineData(nameof(Break.Slot), "6 (")]
    [InlineData(nameof(Break.Cancel), "1 (")]
    [InlineData(nameof(Break.Range), "6 (")]
    [InlineData(nameof(Break.Hold), "1 (")]
    [InlineData(nameof(Break.Forget), "3 (")]
    [InlineData(nameof(Break.Adopt), "adoption")]
    public void What_is_broken_on_purpose_is_noticed(string broken, string invariant)
    {
        var noticed = Enumerable.Range(1, SeedsToNotice).Select(seed => SeededSimulation.Run((ulong)seed, Enum.Parse<Break>(broken)))
            .FirstOrDefault(result => result.Violation is not null);

        noticed.ShouldNotBeNull($"none of {SeedsToNotice} seeds noticed that {broken} is broken");
        noticed.Violation.ShouldStartWith(invariant);
    }
}

using Latecomer.Tests.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Latecomer.Tests.Fuzz;

/// <summary>A short run of each kind, and that a number names an input. <c>./fuzz</c> runs as many as there is time for.</summary>
public sealed class FuzzFacts
{
    private const ulong Seed = 1;
    private const int MostInputs = 20_000;

    /// <summary>Fewer inputs say little, however slow the machine.</summary>
    private const int LeastInputs = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData("log")]
    [InlineData("checkpoint")]
    [InlineData("parquet")]
    public void Every_input_is_answered_or_refused_within_its_bounds(string kind)
    {
        var run = new FuzzRun(FuzzTargets.Load(kind), Seed);
        run.Run(0, LeastInputs);
        run.Run(LeastInputs, MostInputs - LeastInputs, Patience);

        run.Report.Failures.Select(failure => $"input {failure.Number} {failure.Problem}\nIt is repeated by: ./fuzz {kind} --seed {Seed} --input {failure.Number}").ShouldBeEmpty();
        run.Report.SoundShare.ShouldBeGreaterThan(FuzzReport.LeastSoundShare);
    }

    [Theory]
    [InlineData("log")]
    [InlineData("checkpoint")]
    [InlineData("parquet")]
    public void A_number_names_an_input_whatever_was_made_before(string kind)
    {
        var (one, other) = (new FuzzRun(FuzzTargets.Load(kind), Seed), new FuzzRun(FuzzTargets.Load(kind), Seed));
        one.Make(5);
        var (first, again) = (one.Make(77), other.Make(77));

        again.What.ShouldBe(first.What);
        again.Files.Select(file => (file.Key, Convert.ToHexString(file.Value))).ShouldBe(first.Files.Select(file => (file.Key, Convert.ToHexString(file.Value))));
        one.Make(78).What.ShouldNotBe(first.What);
    }

    [Fact]
    public void What_breaks_a_bound_is_named()
    {
        var run = new FuzzRun(new BrokenTarget(), Seed);
        run.Run(0, 3);

        run.Report.Failures.Select(failure => failure.Number).Distinct().ShouldBe([0L, 1L, 2L]);
        run.Report.Failures[0].Problem.ShouldContain(nameof(DivideByZeroException));
        run.Report.Failures[1].Problem.ShouldContain("bytes of memory at a time");
        run.Report.Failures[2].Problem.ShouldContain("something else");
    }

    /// <summary>Its inputs do, one after the other, what none may.</summary>
    private sealed class BrokenTarget : IFuzzTarget
    {
        private int made;

        public string Corpus => "nothing";

        public string FirstCheck => "nothing is checked";

        public FuzzInput Make(SeededRandom random) => new BrokenInput(made++) { What = "broken", Bytes = 1 };
    }

    private sealed class BrokenInput(int number) : FuzzInput
    {
        private int reads;

        public override IEnumerable<KeyValuePair<string, byte[]>> Files => [];

        public override ulong? Expected() => number == 2 ? 1ul : null;

        public override bool IsSound() => true;

        public override ulong Read() => number switch
        {
            0 => throw new DivideByZeroException(),
            1 => Held(isMeasured: reads++ > 0),
            _ => 2,
        };

        /// <summary>Holds what none may, the second time for as long as it takes to be measured, which collects garbage up to twenty times.</summary>
        private static ulong Held(bool isMeasured)
        {
            var arrays = Enumerable.Range(0, 20).Select(_ => new byte[8 * 1024 * 1024]).ToList();
            var collected = GC.CollectionCount(GC.MaxGeneration);
            _ = !isMeasured || SpinWait.SpinUntil(() => GC.CollectionCount(GC.MaxGeneration) > collected + 40, Liveness.Bound);
            return (ulong)arrays.Sum(array => array.Length % 7);
        }
    }
}

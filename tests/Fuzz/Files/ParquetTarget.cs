namespace Latecomer.Tests.Fuzz;

/// <summary>Whole Parquet files, in every encoding and compression that there is at hand.</summary>
internal sealed class ParquetTarget(ParquetCorpus corpus) : IFuzzTarget
{
    public string Corpus => corpus.Name;

    public string FirstCheck => "the footer is read";

    public FuzzInput Make(SeededRandom random)
    {
        var file = corpus.Pick(random);
        var mutated = FileMutation.Of(file, corpus.Files, random);
        return new ParquetInput(mutated.Content, mutated.IsHarmless ? file : null, verifies: !mutated.IsHarmless && random.Below(3) == 0)
        {
            What = $"{file.Name}: {mutated.What}",
            Bytes = mutated.Content.Length,
        };
    }
}

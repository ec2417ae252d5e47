namespace Latecomer.Tests.Fuzz;

/// <summary>Logs whose JSON is damaged.</summary>
internal sealed class LogTarget(LogCorpus corpus) : IFuzzTarget
{
    public string Corpus => $"{corpus.Logs.Count} logs";

    public string FirstCheck => "each changed file is JSON, line by line, or has a footer";

    public FuzzInput Make(SeededRandom random)
    {
        var (name, original) = corpus.Pick(random);
        var log = original.Copy();
        if (random.Below(8) == 0)
        {
            var (change, isCounted) = HarmlessLogChange.Apply(log, random);
            return new LogInput(log, [], original, random.Half() || isCounted ? LogReads.Snapshot : LogReads.Inspect) { What = $"{name}: harmless: {change}", Bytes = log.Bytes };
        }

        var (what, changed) = LogMutation.Apply(log, corpus, file => !LogFiles.IsParquet(file), random);
        return new LogInput(log, changed, original: null, random.Pick(LogReads.All)) { What = $"{name}: {what}", Bytes = log.Bytes };
    }
}

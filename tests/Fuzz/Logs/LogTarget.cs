namespace Latecomer.Tests.Fuzz;

/// <summary>Logs whose JSON is damaged; where rows are read, data files and deletion vectors too.</summary>
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
            return new LogInput(log, [], original, isCounted ? LogReads.Snapshot : random.Pick([LogReads.Snapshot, LogReads.Inspect, LogReads.Rows])) { What = $"{name}: harmless: {change}", Bytes = log.Bytes };
        }

        var read = random.Pick(LogReads.All);
        var (what, changed) = LogMutation.Apply(log, corpus, file => MemoryLog.IsData(file) ? read == LogReads.Rows : !LogFiles.IsParquet(file), random);
        return new LogInput(log, changed, original: null, read) { What = $"{name}: {what}", Bytes = log.Bytes };
    }
}

namespace Latecomer.Tests.Fuzz;

/// <summary>Logs that cannot be read without their checkpoint, which is damaged: classic and in parts, V2 in Parquet and JSON, sidecars.</summary>
internal sealed class CheckpointTarget(LogCorpus corpus) : IFuzzTarget
{
    public string Corpus => $"{corpus.Checkpointed.Count} logs that begin with a checkpoint";

    public string FirstCheck => "each changed file has a footer, or is JSON, line by line";

    public FuzzInput Make(SeededRandom random)
    {
        var (name, original) = corpus.PickCheckpointed(random);
        var log = original.Copy();
        if (random.Below(8) == 0 && TryHarmless(log, random) is { } change)
        {
            return new LogInput(log, [], original, LogReads.Snapshot) { What = $"{name}: harmless: {change}", Bytes = log.Bytes };
        }

        var (what, changed) = LogMutation.Apply(log, corpus, LogFiles.IsOfCheckpoint, random);
        var read = random.Below(4) > 0 ? LogReads.Snapshot : random.Pick(LogReads.All);
        return new LogInput(log, changed, original: null, read) { What = $"{name}: {what}", Bytes = log.Bytes };
    }

    private string? TryHarmless(MemoryLog log, SeededRandom random)
    {
        var files = log.Files.Where(file => LogFiles.IsParquet(file.Key) && LogFiles.IsOfCheckpoint(file.Key) && corpus.LayoutOf(file.Value).IsSound).ToList();
        if (files.Count == 0)
        {
            return null;
        }

        var (name, content) = random.Pick(files);
        var changed = HarmlessFileChange.Of(corpus.LayoutOf(content), random);
        log.Put(name, changed.Content);
        return $"{name}: {changed.What}";
    }
}

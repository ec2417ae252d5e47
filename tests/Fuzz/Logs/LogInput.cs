namespace Latecomer.Tests.Fuzz;

/// <summary>A log, read in one way.</summary>
internal sealed class LogInput(MemoryLog log, IReadOnlyCollection<string> changed, MemoryLog? original, Func<MemoryLog, Digest, Task> read) : FuzzInput
{
    public override IEnumerable<KeyValuePair<string, byte[]>> Files => log.Files.Select(file => KeyValuePair.Create($"_delta_log/{file.Key}", file.Value));

    public override ulong? Expected() => original is null ? null : Read(original);

    public override bool IsSound() => changed.All(name => log.ContentOf(name) is not { } content || LogFiles.IsSound(name, content));

    public override ulong Read() => Read(log);

    private ulong Read(MemoryLog of)
    {
        using var digest = new Digest();
        // Reading may write, and must find the same log each time.
        read(of.Copy(), digest).GetAwaiter().GetResult();
        return digest.Value;
    }
}

namespace Latecomer.DeltaLog;

/// <summary>Gathers the checkpoints of a listing; those of several parts count once all parts were seen.</summary>
internal sealed class CheckpointListing
{
    private readonly Dictionary<(long Version, int Parts), SortedDictionary<int, string>> _parts = [];
    private readonly SortedDictionary<long, List<CheckpointFiles>> _complete = [];

    /// <summary>The complete checkpoints by version; those of one version in the order of their names.</summary>
    internal IReadOnlyDictionary<long, List<CheckpointFiles>> Complete => _complete;

    internal void Add(LogFile.Checkpoint file)
    {
        if (file.Kind != CheckpointKind.Multipart)
        {
            AddComplete(new CheckpointFiles(file.Version, file.Kind, [file.Name]));
            return;
        }

        var key = (file.Version, file.Parts);
        var seen = _parts.TryGetValue(key, out var known) ? known : _parts[key] = [];
        seen[file.Part] = file.Name;
        if (seen.Count == file.Parts)
        {
            AddComplete(new CheckpointFiles(file.Version, file.Kind, [.. seen.Values]));
        }
    }

    private void AddComplete(CheckpointFiles checkpoint)
    {
        var same = _complete.TryGetValue(checkpoint.Version, out var known) ? known : _complete[checkpoint.Version] = [];
        same.Add(checkpoint);
        same.Sort((a, b) => string.CompareOrdinal(a.Names[0], b.Names[0]));
    }
}

using System.Buffers;

namespace Latecomer.DeltaLog;

/// <summary>Reads the state that a checkpoint holds (PROTOCOL.md, "Checkpoints"). What it is follows from its content: a classic name may have V2 content,
/// whose file actions lie in sidecars.</summary>
internal static class CheckpointReader
{
    private const string SidecarFolder = "_sidecars/";

    /// <summary>Sidecars that are read at once: waiting for a store overlaps, and few buffers are held.</summary>
    private const int MostSidecarsAtOnce = 4;

    /// <exception cref="DeltaException">A file of it is gone or broken (<see cref="DeltaErrorClass.CorruptCheckpoint"/>).</exception>
    internal static async ValueTask<SnapshotState> Read(ILogStore log, CheckpointFiles checkpoint, ActionDetail detail, CancellationToken cancellation)
    {
        var state = SnapshotState.Keeping(detail);
        var sidecars = new List<string>();
        foreach (var name in checkpoint.Names)
        {
            if (name.EndsWith(".json", StringComparison.Ordinal))
            {
                await ReadJson(log, name, state, sidecars, detail, cancellation);
            }
            else
            {
                await CheckpointParquet.Read(log, name, state, sidecars, detail, cancellation);
            }
        }

        if (detail != ActionDetail.Definition)
        {
            await ReadSidecars(log, [.. sidecars.Select(SidecarName).Distinct(StringComparer.Ordinal)], state, detail, cancellation);
        }

        state.MoveTo(checkpoint.Version, fingerprint: null);
        return state;
    }

    /// <summary>Reads sidecars several at a time, and takes them over in their order, so that the same checkpoint always gives the same state.</summary>
    private static async ValueTask ReadSidecars(
        ILogStore log, List<string> sidecars, SnapshotState state, ActionDetail detail, CancellationToken cancellation)
    {
        var files = new (List<AddFile> Active, List<RemoveFile> Removed)[sidecars.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostSidecarsAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, files.Length, options, async (number, token) =>
            files[number] = await CheckpointParquet.ReadSidecar(log, sidecars[number], detail, token));
        foreach (var (active, removed) in files)
        {
            active.ForEach(state.Put);
            removed.ForEach(remove => state.Tombstones?.Put(remove));
        }
    }

    internal static DeltaException Gone(ILogStore log, string name) =>
        new(DeltaErrorClass.CorruptCheckpoint, $"{log.Location}: checkpoint file {name} is gone");

    /// <summary>Sidecars lie in one folder, whatever address the log gives them.</summary>
    private static string SidecarName(string path)
    {
        var decoded = LogPath.Decode(path);
        return SidecarFolder + decoded[(decoded.LastIndexOf('/') + 1)..];
    }

    private static async ValueTask ReadJson(
        ILogStore log, string name, SnapshotState state, List<string> sidecars, ActionDetail detail, CancellationToken cancellation)
    {
        using var bytes = await log.TryRead(name, cancellation) ?? throw Gone(log, name);
        var parsed = new ParsedActions();
        Parse(log, name, bytes, detail, parsed);
        parsed.Actions.ForEach(action => state.Apply(action, version: null));
        sidecars.AddRange(parsed.Sidecars);
    }

    private static void Parse(ILogStore log, string name, IMemoryOwner<byte> bytes, ActionDetail detail, ParsedActions parsed) =>
        ActionParser.Parse(new ActionFile(log.Location, name, "checkpoint", DeltaErrorClass.CorruptCheckpoint), bytes.Memory.Span, detail, parsed);
}

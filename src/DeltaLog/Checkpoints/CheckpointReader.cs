using System.Buffers;

namespace Latecomer.DeltaLog;

/// <summary>Reads the state that a checkpoint holds (PROTOCOL.md, "Checkpoints"). What it is follows from its content: a classic name may have V2 content,
/// whose file actions lie in sidecars.</summary>
internal static class CheckpointReader
{
    private const string SidecarFolder = "_sidecars/";

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

        foreach (var sidecar in detail == ActionDetail.Definition ? [] : sidecars)
        {
            await CheckpointParquet.Read(log, SidecarName(sidecar), state, sidecars: null, detail, cancellation);
        }

        state.MoveTo(checkpoint.Version, fingerprint: null);
        return state;
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

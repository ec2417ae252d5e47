namespace Latecomer.DeltaLog;

/// <summary>Finds what a table is at a version, from its newest commits back to a checkpoint: no file of the table is looked at.</summary>
internal static class DefinitionReader
{
    /// <exception cref="DeltaException">The version cannot be read, or its protocol is not supported.</exception>
    internal static async ValueTask<LogDefinition> Read(ILogStore log, long? version, CancellationToken cancellation)
    {
        var segment = version is null ? await LogSegment.ListForLatest(log, cancellation) : await LogSegment.List(log, from: 0, cancellation);
        var at = version ?? segment.Latest;
        Protocol? protocol = null;
        Metadata? metadata = null;
        for (var from = at; from >= 0 && (protocol is null || metadata is null); from--)
        {
            if (segment.CheckpointsOf(from).Count > 0 || !segment.HasCommit(from))
            {
                var state = await StateReader.Read(log, from, ActionDetail.Definition, cancellation);
                (protocol, metadata) = (protocol ?? state.Protocol, metadata ?? state.Metadata);
                break;
            }

            var commit = await CommitReader.TryRead(log, from, ActionDetail.Definition, cancellation);
            (protocol, metadata) = (protocol ?? commit?.Protocol, metadata ?? commit?.Metadata);
        }

        return ReaderSupport.Refusal(log.Location, at, protocol, metadata) is { } refusal ? throw refusal : new LogDefinition(at, protocol!, metadata!);
    }
}

namespace Latecomer.DeltaLog;

/// <summary>What a checkpoint of a state holds, action by action (PROTOCOL.md, "Checkpoints"): no provenance, no domain that was removed, no tombstone
/// that is old enough to be forgotten.</summary>
internal static class CheckpointActions
{
    internal static IEnumerable<object> Of(SnapshotState state, DateTimeOffset now, bool isV2)
    {
        if (isV2)
        {
            yield return new CheckpointMetadata(state.Version);
        }

        yield return state.Protocol!;
        yield return state.Metadata!;
        foreach (var (application, transaction) in state.Transactions)
        {
            yield return new SetTransaction(application, transaction.Version, transaction.LastUpdated);
        }

        foreach (var (domain, configuration) in state.Domains)
        {
            yield return new DomainMetadata(domain, configuration, Removed: false);
        }

        foreach (var add in state.Files.All)
        {
            yield return add;
        }

        var oldest = TableProperties.TombstonesKept(state.Metadata!) is { } kept ? now - kept : DateTimeOffset.MinValue;
        foreach (var remove in state.Tombstones?.All ?? [])
        {
            if ((remove.DeletionTimestamp ?? 0) > oldest.ToUnixTimeMilliseconds())
            {
                yield return remove;
            }
        }
    }
}

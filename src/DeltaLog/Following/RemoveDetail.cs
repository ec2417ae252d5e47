namespace Latecomer.DeltaLog;

/// <summary>What a follower looks up of a removed file where the remove does not say it. A look costs the whole table once, and the memory of its active
/// files from then on; a log whose removes say what is wanted costs neither.</summary>
public enum RemoveDetail
{
    /// <summary>Its partition.</summary>
    Partition,

    /// <summary>Its partition, size and rows.</summary>
    Totals,
}

namespace Latecomer.DeltaLog;

/// <summary>How much of each file action is kept when a log is read.</summary>
public enum ActionDetail
{
    /// <summary>What the table is, and none of its files.</summary>
    Definition,

    /// <summary>Which partitions a commit touches and whether their data changes; of a file neither its path nor anything else, of a commit only its times.</summary>
    Partitions,

    /// <summary>What snapshots and changes count: everything but the text of statistics and tags.</summary>
    Counts,

    /// <summary>Everything that the log says of the files that are active.</summary>
    Full,

    /// <summary>The same, and the tombstones of files that were removed: what a checkpoint holds.</summary>
    Tombstones,
}

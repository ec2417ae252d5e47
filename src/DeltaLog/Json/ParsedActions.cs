namespace Latecomer.DeltaLog;

/// <summary>What the lines of a JSON file of the log say.</summary>
/// <param name="partitions">Makes one object of the partition values that many actions share; null: each action has its own.</param>
internal sealed class ParsedActions(PartitionValuesCache? partitions = null)
{
    /// <summary>Makes one object of the partition values that many actions share; null: each action has its own.</summary>
    internal PartitionValuesCache? Partitions { get; } = partitions;

    /// <summary>The actions in the file's order.</summary>
    internal List<DeltaAction> Actions { get; } = [];

    /// <summary>How many lines have an action, those left out included.</summary>
    internal int Lines { get; set; }

    /// <summary>How many of them are <c>cdc</c>.</summary>
    internal int CdcFiles { get; set; }

    /// <summary>Paths of the sidecars that a V2 checkpoint names; they mean nothing in a commit.</summary>
    internal List<string> Sidecars { get; } = [];
}

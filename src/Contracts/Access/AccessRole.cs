namespace Latecomer.Contracts;

/// <summary>What a caller may do. Each role may do what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Command pipelines, runs, partitions and backfills.</summary>
    Operator,

    /// <summary>Everything: tokens, nodes, dead letters, the audit.</summary>
    Admin,
}

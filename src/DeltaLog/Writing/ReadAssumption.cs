namespace Latecomer.DeltaLog;

/// <summary>Which files of the table a commit's content depends on.</summary>
public abstract record ReadAssumption
{
    private ReadAssumption()
    {
    }

    /// <summary>None: a blind append.</summary>
    public static ReadAssumption None { get; } = new Nothing();

    /// <summary>All of them.</summary>
    public static ReadAssumption All { get; } = new WholeTable();

    /// <summary>Whether the files of a partition (null: of one that is not known) were read.</summary>
    public bool Covers(PartitionValues? partition) => this switch
    {
        Nothing => false,
        WholeTable => true,
        Partitions some => partition is null || some.Values.Contains(partition),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>No file.</summary>
    public sealed record Nothing : ReadAssumption;

    /// <summary>Every file.</summary>
    public sealed record WholeTable : ReadAssumption;

    /// <summary>The files of some partitions.</summary>
    public sealed record Partitions(IReadOnlySet<PartitionValues> Values) : ReadAssumption;
}

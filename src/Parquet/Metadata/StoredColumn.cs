namespace Latecomer.Parquet;

/// <summary>A leaf of the schema, as which values are stored.</summary>
public sealed record StoredColumn
{
    /// <summary>The names from below the root to the leaf, as stored.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>How values are stored.</summary>
    public required PhysicalType PhysicalType { get; init; }

    /// <summary>Bytes of each value of <see cref="PhysicalType.FixedLengthByteArray"/>, else 0.</summary>
    public required int FixedLength { get; init; }

    /// <summary>What the values are.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>How many fields on the path may be absent; an entry at this level has a value.</summary>
    public required int MaxDefinitionLevel { get; init; }

    /// <summary>How many fields on the path repeat.</summary>
    public required int MaxRepetitionLevel { get; init; }
}

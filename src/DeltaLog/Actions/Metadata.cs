namespace Latecomer.DeltaLog;

/// <summary>What the table is (PROTOCOL.md, "Change Metadata").</summary>
public sealed record Metadata : DeltaAction
{
    private TableSchema? _schema;

    /// <summary>The table's id; another id under the same path is another table.</summary>
    public required string Id { get; init; }

    /// <summary>The table's name, for people.</summary>
    public string? Name { get; init; }

    /// <summary>The table's description, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The format of the data files; null when the action does not say.</summary>
    public string? FormatProvider { get; init; } = "parquet";

    /// <summary>Options of that format. They mean nothing to us and are kept for those to whom they do.</summary>
    public IReadOnlyDictionary<string, string?> FormatOptions { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The schema as the log has it; null in tables of old tests only.</summary>
    public string? SchemaString
    {
        get;
        init
        {
            field = value;
            _schema = null;
        }
    }

    /// <summary>Logical names of the partition columns, in order.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>The table's properties.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>When the table was created, in milliseconds since the epoch.</summary>
    public long? CreatedTime { get; init; }

    /// <summary>The schema, parsed when first asked for.</summary>
    /// <exception cref="DeltaException">The action has no schema, or it is not the JSON of a struct type
    /// (<see cref="DeltaErrorClass.CorruptCommit"/>).</exception>
    public TableSchema Schema => _schema ??= TableSchema.Parse(SchemaString);

    /// <summary>The schema; null when there is none that can be understood.</summary>
    internal TableSchema? TrySchema
    {
        get
        {
            try
            {
                return SchemaString is null ? null : Schema;
            }
            catch (DeltaException)
            {
                return null;
            }
        }
    }

    /// <summary>The metadata of a new table.</summary>
    public static Metadata Create(Guid id, TableSchema schema, IReadOnlyList<string> partitionColumns, DateTimeOffset now) => new()
    {
        Id = id.ToString(),
        SchemaString = schema.ToJson(),
        PartitionColumns = partitionColumns,
        CreatedTime = now.ToUnixTimeMilliseconds(),
    };
}

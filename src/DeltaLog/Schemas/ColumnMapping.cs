namespace Latecomer.DeltaLog;

/// <summary>How the columns of a table are named in its log and data files (PROTOCOL.md, "Column Mapping"): by physical names that outlive renames, if the
/// table's property asks for it and its protocol allows it; else by their own.</summary>
public sealed class ColumnMapping
{
    private const string ModeProperty = "delta.columnMapping.mode";
    private const string PhysicalNameKey = "delta.columnMapping.physicalName";
    private const string Feature = "columnMapping";

    private readonly Dictionary<string, string> _logicalNames;
    private readonly IReadOnlyList<string> _partitionColumns;

    private ColumnMapping(string mode, Dictionary<string, string> logicalNames, IReadOnlyList<string> partitionColumns)
    {
        Mode = mode;
        _logicalNames = logicalNames;
        _partitionColumns = partitionColumns;
    }

    /// <summary>No mapping of an unknown table: every name stands for itself.</summary>
    public static ColumnMapping None { get; } = new("none", new(StringComparer.Ordinal), []);

    /// <summary>The mode in effect: <c>none</c>, <c>id</c> or <c>name</c>. A property that the protocol does not allow has no effect.</summary>
    public string Mode { get; }

    /// <summary>Whether names in the log may differ from those of the schema.</summary>
    public bool IsMapped => Mode != "none";

    /// <summary>The mapping of a table with this protocol and metadata.</summary>
    public static ColumnMapping Of(Protocol? protocol, Metadata? metadata)
    {
        var mode = ModeOf(protocol, metadata);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in metadata?.TrySchema?.Fields ?? [])
        {
            names[mode == "none" ? field.Name : PhysicalNameOf(field)] = field.Name;
        }

        return new(mode, names, metadata?.PartitionColumns ?? []);
    }

    /// <summary>The name in the log and in data files of a top-level column; its own when nothing maps it.</summary>
    public string PhysicalNameOf(string column)
    {
        foreach (var (physical, logical) in _logicalNames)
        {
            if (string.Equals(logical, column, StringComparison.Ordinal))
            {
                return physical;
            }
        }

        return column;
    }

    /// <summary>A field's name in data files under mapping; its own when it has no other.</summary>
    internal static string PhysicalNameOf(SchemaField field) =>
        field.Metadata.TryGetValue(PhysicalNameKey, out var physical) && physical is not null ? physical : field.Name;

    /// <summary>The schema's name of a column of the log; null when the table has no such column (any more).</summary>
    public string? LogicalNameOf(string physical) => _logicalNames.GetValueOrDefault(physical);

    /// <summary>A partition of the log by the names of the schema, in the order of the partition columns. A column that the table does not have is named as
    /// <paramref name="before"/> had it, else as the log has it, and comes last.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> ToLogical(PartitionValues partition, ColumnMapping? before = null)
    {
        var named = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (physical, value) in partition)
        {
            named[LogicalNameOf(physical) ?? before?.LogicalNameOf(physical) ?? physical] = value;
        }

        var first = _partitionColumns.Distinct(StringComparer.Ordinal).Where(named.ContainsKey).ToArray();
        return [.. first.Select(column => KeyValuePair.Create(column, named[column])), .. named.Where(pair => !first.Contains(pair.Key, StringComparer.Ordinal))];
    }

    private static string ModeOf(Protocol? protocol, Metadata? metadata)
    {
        var allows = protocol is { MinReaderVersion: 2 }
            || (protocol is { MinReaderVersion: >= 3, ReaderFeatures: { } features } && features.Contains(Feature, StringComparer.Ordinal));
        return allows ? metadata?.Configuration.GetValueOrDefault(ModeProperty) ?? "none" : "none";
    }
}

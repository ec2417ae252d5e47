namespace Latecomer.DeltaLog;

/// <summary>A field of a struct.</summary>
/// <param name="Name">Its logical name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
public sealed record SchemaField(string Name, DataType Type, bool Nullable = true)
{
    /// <summary>Its metadata; a value that is no string is kept as its JSON text.</summary>
    public IReadOnlyDictionary<string, string?> Metadata { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}

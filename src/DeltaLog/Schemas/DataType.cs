namespace Latecomer.DeltaLog;

/// <summary>A type of the schema (PROTOCOL.md, "Schema Serialization Format").</summary>
public abstract record DataType
{
    private DataType()
    {
    }

    /// <summary>The type as <c>array&lt;struct&lt;a:long&gt;&gt;</c>.</summary>
    public sealed override string ToString() => this switch
    {
        Primitive primitive => primitive.Name,
        Struct fields => $"struct<{string.Join(',', fields.Fields.Select(field => $"{field.Name}:{field.Type}"))}>",
        Array array => $"array<{array.Element}>",
        Map map => $"map<{map.Key},{map.Value}>",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A type without parts, by its name in the protocol: <c>string</c>, <c>decimal(10,2)</c>, ...; unknown names are kept.</summary>
    public sealed record Primitive(string Name) : DataType;

    /// <summary>Named fields.</summary>
    public sealed record Struct(IReadOnlyList<SchemaField> Fields) : DataType;

    /// <summary>A list.</summary>
    public sealed record Array(DataType Element, bool ContainsNull) : DataType;

    /// <summary>A map.</summary>
    public sealed record Map(DataType Key, DataType Value, bool ValueContainsNull) : DataType;
}

using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The columns of a table, partition columns included.</summary>
/// <param name="Fields">The columns in order.</param>
public sealed record TableSchema(IReadOnlyList<SchemaField> Fields)
{
    /// <summary>Parses the <c>schemaString</c> of a <c>metaData</c> action.</summary>
    /// <exception cref="DeltaException">It is absent or not the JSON of a struct type.</exception>
    public static TableSchema Parse(string? schemaString)
    {
        if (schemaString is null)
        {
            throw new DeltaException(DeltaErrorClass.CorruptCommit, "the table's metaData action has no schemaString, which the protocol requires");
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(schemaString));
            reader.Read();
            return SchemaJson.ReadType(ref reader) is DataType.Struct fields
                ? new TableSchema(fields.Fields)
                : throw new JsonException("the schema is not a struct");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DeltaException(DeltaErrorClass.CorruptCommit, $"the table's schemaString is not a schema: {error.Message}", error);
        }
    }

    /// <summary>Finds a column by its logical name, exactly; null when there is none.</summary>
    public SchemaField? Find(string name) => Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.Ordinal));

    /// <summary>The schema as a <c>schemaString</c>, as Spark writes it.</summary>
    public string ToJson() => SchemaJson.Write(new DataType.Struct(Fields));
}

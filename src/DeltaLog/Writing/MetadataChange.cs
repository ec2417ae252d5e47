using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latecomer.DeltaLog;

/// <summary>A change of what a table is. It is made on the newest metadata, anew if another writer changed that meanwhile. Closed.</summary>
internal abstract record MetadataChange
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = LogJson.WriterOptions.Encoder };

    private MetadataChange()
    {
    }

    /// <summary>The operation as Spark names it.</summary>
    internal abstract string Operation { get; }

    /// <summary>The operation's parameters, as Spark words them.</summary>
    internal abstract KeyValuePair<string, string?> Parameter { get; }

    /// <summary>The writer features without which the change must not be made.</summary>
    protected abstract IEnumerable<string> Demanded { get; }

    /// <summary>The metadata after the change.</summary>
    /// <exception cref="DeltaException">The change does not fit the table (<see cref="DeltaErrorClass.SchemaMismatch"/>), or asks for a feature that the
    /// table does not have (<see cref="DeltaErrorClass.UnsupportedWriterFeature"/>).</exception>
    internal Metadata Apply(Snapshot table)
    {
        string[] missing = [.. Demanded.Except(table.Protocol.WriterFeatures ?? [], StringComparer.Ordinal).Distinct(StringComparer.Ordinal)];
        return missing.Length == 0
            ? ApplyTo(table)
            : throw new DeltaException(
                DeltaErrorClass.UnsupportedWriterFeature,
                $"{table.Location}: the change needs writer features that the table does not have, and this build turns none on: {string.Join(", ", missing)}")
            {
                Features = missing,
            };
    }

    protected abstract Metadata ApplyTo(Snapshot table);

    /// <summary>Properties are set; those of null are taken away.</summary>
    internal sealed record Properties(IReadOnlyDictionary<string, string?> Values) : MetadataChange
    {
        internal override string Operation => "SET TBLPROPERTIES";

        internal override KeyValuePair<string, string?> Parameter => new("properties", JsonSerializer.Serialize(Values, Relaxed));

        protected override IEnumerable<string> Demanded => Values.Select(pair => DemandedFeatures.Of(pair.Key, pair.Value)).OfType<string>();

        protected override Metadata ApplyTo(Snapshot table)
        {
            var configuration = new Dictionary<string, string?>(table.Metadata.Configuration, StringComparer.Ordinal);
            foreach (var (name, value) in Values)
            {
                if (value is null)
                {
                    configuration.Remove(name);
                }
                else
                {
                    configuration[name] = value;
                }
            }

            return table.Metadata with { Configuration = configuration };
        }
    }

    /// <summary>Columns are added behind those that there are; they are null in the rows that there are.</summary>
    internal sealed record Columns(IReadOnlyList<SchemaField> Added) : MetadataChange
    {
        internal override string Operation => "ADD COLUMNS";

        internal override KeyValuePair<string, string?> Parameter => new("columns", $"[{string.Join(',', Fields().Select(added => $"{{\"column\":{added}}}"))}]");

        protected override IEnumerable<string> Demanded => Added.SelectMany(DemandedFeatures.Of);

        protected override Metadata ApplyTo(Snapshot table)
        {
            var names = table.Metadata.Schema.Fields.Select(field => field.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var column in Added)
            {
                if (column.Name.Length == 0 || !names.Add(column.Name))
                {
                    throw Mismatch(table, $"there is a column '{column.Name}' already, or the name is empty");
                }

                if (!column.Nullable)
                {
                    throw Mismatch(table, $"column '{column.Name}' must not be null, and the rows that there are have none");
                }
            }

            // The columns that there are stay as they were written, to the last field that nobody here knows.
            var schema = JsonNode.Parse(table.Metadata.SchemaString!)!;
            foreach (var field in Fields())
            {
                schema["fields"]!.AsArray().Add(JsonNode.Parse(field));
            }

            return table.Metadata with { SchemaString = schema.ToJsonString(Relaxed) };
        }

        private IEnumerable<string> Fields() =>
            JsonNode.Parse(new TableSchema(Added).ToJson())!["fields"]!.AsArray().Select(field => field!.ToJsonString(Relaxed));

        private static DeltaException Mismatch(Snapshot table, string problem) =>
            new(DeltaErrorClass.SchemaMismatch, $"{table.Location}: the columns cannot be added to version {table.Version}: {problem}");
    }
}

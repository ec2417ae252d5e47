using System.Text;
using System.Text.Json.Nodes;
using Latecomer.Parquet;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Writing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Nested rows as a handmade file, a plain page for each leaf. Rows are JSON: lists are arrays, maps and groups are objects, and what a row does
/// not have is null. The levels are those of Dremel, made here without the reader's help.</summary>
internal static class HandmadeRows
{
    /// <summary>The file.</summary>
    public static byte[] Of(HandmadeField[] fields, params JsonObject[] rows)
    {
        var leaves = new List<Leaf>();
        var columns = fields.Select(field => new Column(field, field.Name, 0, 0, leaves)).ToList();
        foreach (var row in rows)
        {
            columns.ForEach(column => column.Put(row[column.Name], 0, 0));
        }

        return HandmadeFile.Build(fields, rows.Length, [.. leaves.Select(leaf => leaf.Chunk())]);
    }

    /// <summary>A text that may be absent.</summary>
    public static HandmadeField Text(string name) => new(name, PhysicalType.ByteArray, Repetition.Optional) { Converted = ConvertedType.Utf8 };

    /// <summary>A whole number of 64 bits that may be absent.</summary>
    public static HandmadeField Long(string name) => new(name, PhysicalType.Int64, Repetition.Optional);

    /// <summary>A whole number of 32 bits that may be absent.</summary>
    public static HandmadeField Int(string name) => new(name, PhysicalType.Int32, Repetition.Optional);

    /// <summary>A group that may be absent.</summary>
    public static HandmadeField Group(string name, params HandmadeField[] children) => new(name, Repetition: Repetition.Optional) { Children = children };

    /// <summary>A list of texts, in three levels.</summary>
    public static HandmadeField Texts(string name) =>
        Group(name, new HandmadeField("list", Repetition: Repetition.Repeated) { Children = [Text("element")] }) with { Converted = ConvertedType.List };

    /// <summary>A map from text to text.</summary>
    public static HandmadeField Map(string name)
    {
        HandmadeField[] pair = [Text("key") with { Repetition = Repetition.Required }, Text("value")];
        return Group(name, new HandmadeField("key_value", Repetition: Repetition.Repeated) { Children = pair }) with { Converted = ConvertedType.Map };
    }

    private sealed class Column
    {
        private readonly HandmadeField _field;
        private readonly int _definition;
        private readonly int _repetition;
        private readonly List<Column> _children;
        private readonly Leaf? _leaf;

        public Column(HandmadeField field, string path, int definition, int repetition, List<Leaf> leaves)
        {
            _field = field;
            _definition = definition + (field.Repetition == Repetition.Required ? 0 : 1);
            _repetition = repetition + (field.Repetition == Repetition.Repeated ? 1 : 0);
            if (field.Type is { } type)
            {
                leaves.Add(_leaf = new Leaf(path, type, _definition, _repetition));
            }

            _children = [.. field.Children.Select(child => new Column(child, $"{path}.{child.Name}", _definition, _repetition, leaves))];
        }

        public string Name => _field.Name;

        /// <summary>Puts a value that begins at a repetition level, below what is defined up to a level.</summary>
        public void Put(JsonNode? value, int repetition, int definition)
        {
            if (value is null && _field.Repetition == Repetition.Optional)
            {
                PutNothing(repetition, definition);
            }
            else if (_leaf is not null)
            {
                _leaf.Put(repetition, _definition, value ?? throw new ArgumentException($"{Name} is required", nameof(value)));
            }
            else if (_field.Converted is ConvertedType.List or ConvertedType.Map)
            {
                PutItems(_children.Single(), Items(value!), repetition);
            }
            else
            {
                _children.ForEach(child => child.Put(value?[child.Name], repetition, _definition));
            }
        }

        private static List<JsonNode> Items(JsonNode value) => value is JsonObject pairs
            ? [.. pairs.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value?.DeepClone() })]
            : [.. value.AsArray().Select(element => new JsonObject { ["element"] = element?.DeepClone() })];

        private void PutItems(Column repeated, List<JsonNode> items, int repetition)
        {
            if (items.Count == 0)
            {
                repeated.PutNothing(repetition, _definition);
            }

            for (var i = 0; i < items.Count; i++)
            {
                repeated._children.ForEach(child => child.Put(items[i][child.Name], i == 0 ? repetition : repeated._repetition, repeated._definition));
            }
        }

        private void PutNothing(int repetition, int definition)
        {
            _leaf?.Put(repetition, definition, value: null);
            _children.ForEach(child => child.PutNothing(repetition, definition));
        }
    }

    private sealed class Leaf(string path, PhysicalType type, int maxDefinition, int maxRepetition)
    {
        private readonly List<int> _definitions = [];
        private readonly List<int> _repetitions = [];
        private readonly List<byte> _values = [];

        public void Put(int repetition, int definition, JsonNode? value)
        {
            _repetitions.Add(repetition);
            _definitions.Add(definition);
            if (value is not null)
            {
                _values.AddRange(Plain(value));
            }
        }

        public HandmadeChunk Chunk() => new(
            path, type, _definitions.Count, new HandmadePage(PageKind.Data, [.. Levels(_repetitions, maxRepetition), .. Levels(_definitions, maxDefinition), .. _values], _definitions.Count));

        private static byte[] Levels(List<int> levels, int max)
        {
            if (max == 0)
            {
                return [];
            }

            using var encoded = new PageBuffer();
            RleEncoder.Encode(levels.ToArray(), int.Log2(max) + 1, encoded);
            return [.. BitConverter.GetBytes(encoded.Length), .. encoded.Written];
        }

        private byte[] Plain(JsonNode value)
        {
            var text = type == PhysicalType.ByteArray ? Encoding.UTF8.GetBytes((string)value!) : [];
            return type switch
            {
                PhysicalType.Int32 => BitConverter.GetBytes((int)value),
                PhysicalType.Int64 => BitConverter.GetBytes((long)value),
                _ => [.. BitConverter.GetBytes(text.Length), .. text],
            };
        }
    }
}

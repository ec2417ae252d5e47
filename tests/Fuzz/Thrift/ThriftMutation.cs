namespace Latecomer.Tests.Fuzz;

/// <summary>Damages one place of a Thrift struct: numbers, texts, lists, and which fields there are of which type.</summary>
internal static class ThriftMutation
{
    private static readonly byte[] Types =
        [ThriftValue.True, ThriftValue.False, ThriftValue.Int8, ThriftValue.Int32, ThriftValue.Int64, ThriftValue.Double, ThriftValue.Binary, ThriftValue.List, ThriftValue.Struct];

    /// <summary>Changes a value anywhere below a struct; says what.</summary>
    public static string Apply(ThriftValue root, SeededRandom random)
    {
        var values = new List<ThriftValue>();
        root.Gather(values);
        var value = random.Pick(values);
        switch (value.Type)
        {
            case >= ThriftValue.Int8 and <= ThriftValue.Int64:
                var before = value.Number;
                value.Number = random.Below(4) == 0 ? random.Pick(values).Number : Numbers.Other(before, random);
                return $"number {before} -> {value.Number}";
            case ThriftValue.Binary:
                value.Bytes = ByteMutation.Of(value.Bytes, random);
                return "text";
            case ThriftValue.List or ThriftValue.Set:
                return List(value, random);
            case ThriftValue.Struct:
                return Struct(value, random.Pick(values), random);
            default:
                value.Type = random.Pick(Types);
                return "type of a flag";
        }
    }

    private static string List(ThriftValue list, SeededRandom random)
    {
        var (one, other) = (random.Below(list.Items.Count + 1), random.Below(list.Items.Count + 1));
        switch (random.Below(list.Items.Count == 0 ? 2 : 6))
        {
            case 0:
                list.Number = Numbers.Other(list.Items.Count, random);
                return $"list of {list.Items.Count} claims {list.Number}";
            case 1:
                list.ElementType = (byte)random.Below(16);
                return $"list of type {list.ElementType}";
            case 2:
                list.Items.RemoveAt(one % list.Items.Count);
                return "item dropped";
            case 3:
                list.Items.Insert(one, list.Items[other % list.Items.Count]);
                return "item doubled";
            case 4:
                (list.Items[one % list.Items.Count], list.Items[other % list.Items.Count]) = (list.Items[other % list.Items.Count], list.Items[one % list.Items.Count]);
                return "items swapped";
            default:
                var item = list.Items[one % list.Items.Count];
                list.Items.AddRange(Enumerable.Repeat(item, random.Pick([2, 20, 300])));
                return "item repeated";
        }
    }

    private static string Struct(ThriftValue value, ThriftValue other, SeededRandom random)
    {
        if (value.Fields.Count == 0)
        {
            value.Fields.Add(new ThriftField(random.Between(-1, 12), other.Copy()));
            return "field added";
        }

        var field = random.Pick(value.Fields);
        switch (random.Below(6))
        {
            case 0:
                value.Fields.Remove(field);
                return $"field {field.Id} dropped";
            case 1:
                value.Fields.Insert(random.Below(value.Fields.Count + 1), field);
                return $"field {field.Id} doubled";
            case 2:
                var id = field.Id;
                field.Id = random.Below(3) == 0 ? (int)(Numbers.Other(id, random) % 40_000) : random.Between(0, 16);
                return $"field {id} -> {field.Id}";
            case 3:
                field.Value = new ThriftValue(random.Pick(Types)) { Number = field.Value.Number, Bytes = field.Value.Bytes, Items = field.Value.Items, Fields = field.Value.Fields, ElementType = field.Value.ElementType };
                return $"field {field.Id} of type {field.Value.Type}";
            case 4:
                var source = random.Pick(value.Fields);
                field.Value = source.Value;
                return $"field {field.Id} with what {source.Id} has";
            default:
                value.Fields.Insert(random.Below(value.Fields.Count + 1), new ThriftField(random.Between(1, 16), Nested(random.Pick([3, 30, 33, 5_000]))));
                return "field nested deeply";
        }
    }

    private static ThriftValue Nested(int depth)
    {
        var value = new ThriftValue(ThriftValue.Struct);
        for (; depth > 0; depth--)
        {
            value = new ThriftValue(ThriftValue.Struct) { Fields = [new ThriftField(1, value)] };
        }

        return value;
    }
}

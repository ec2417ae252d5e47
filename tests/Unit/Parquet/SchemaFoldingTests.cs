using Latecomer.Parquet;
using Latecomer.Parquet.Format;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>What writers of all ages made of lists and maps (LogicalTypes.md, "Nested Types").</summary>
public sealed class SchemaFoldingTests
{
    private static readonly LogicalAnnotation List = new LogicalAnnotation.Other(3);
    private static readonly LogicalAnnotation Map = new LogicalAnnotation.Other(2);

    [Fact]
    public void A_list_of_three_levels_has_the_innermost_as_its_element() =>
        Fold(Group("a", 1, Repetition.Optional, List), Group("list", 1), Leaf("element", Repetition.Optional)).ShouldBe("a list?<int?>");

    [Fact]
    public void A_list_of_two_levels_has_elements_that_cannot_be_null() =>
        Fold(Group("a", 1, Repetition.Optional, List), Leaf("element", Repetition.Repeated)).ShouldBe("a list?<int>");

    [Fact]
    public void A_repeated_group_of_several_fields_is_the_element() =>
        Fold(Group("a", 1, Repetition.Optional, List), Group("element", 2), Leaf("x"), Leaf("y")).ShouldBe("a list?<struct<x int, y int>>");

    [Theory]
    [InlineData("array")]
    [InlineData("a_tuple")]
    public void A_repeated_group_of_a_telling_name_is_the_element(string name) =>
        Fold(Group("a", 1, Repetition.Optional, List), Group(name, 1), Leaf("x")).ShouldBe("a list?<struct<x int>>");

    [Fact]
    public void A_repeated_group_of_a_repeated_field_is_the_element() =>
        Fold(Group("a", 1, Repetition.Optional, List), Group("array", 1, Repetition.Repeated, List), Leaf("array", Repetition.Repeated)).ShouldBe("a list?<list<int>>");

    [Fact]
    public void A_field_that_repeats_without_an_annotation_is_a_list_of_what_cannot_be_null() =>
        Fold(Group("a", 2, Repetition.Repeated), Leaf("x"), Leaf("y", Repetition.Repeated)).ShouldBe("a list<struct<x int, y list<int>>>");

    [Fact]
    public void A_map_has_keys_and_values_whatever_they_are_called() =>
        Fold(Group("a", 1, Repetition.Optional, Map), Group("map", 2), Leaf("k"), Leaf("v", Repetition.Optional)).ShouldBe("a map?<int, int?>");

    [Fact]
    public void A_map_may_lack_values() =>
        Fold(Group("a", 1, Repetition.Required, Map), Group("key_value", 1), Leaf("k")).ShouldBe("a map<int, nothing>");

    [Fact]
    public void The_old_annotation_of_a_map_by_its_pairs_name_is_one() =>
        Fold(Group("a", 1, Repetition.Optional) with { Converted = ConvertedType.MapKeyValue }, Group("map", 2), Leaf("k"), Leaf("v")).ShouldBe("a map?<int, int>");

    [Fact]
    public void An_annotation_on_a_group_that_is_no_list_leaves_a_struct() =>
        Fold(Group("a", 2, Repetition.Optional, List), Leaf("x"), Leaf("y")).ShouldBe("a struct?<x int, y int>");

    [Fact]
    public void Levels_count_what_is_optional_and_what_repeats()
    {
        var tree = Tree(Group("a", 1, Repetition.Optional, List), Group("list", 1), Group("element", 1, Repetition.Optional), Leaf("x", Repetition.Optional));
        var leaf = tree.Leaves.ShouldHaveSingleItem();
        (leaf.DottedPath, leaf.MaxDefinitionLevel, leaf.MaxRepetitionLevel, leaf.SlotDefinitionLevel).ShouldBe(("a.list.element.x", 4, 1, 2));
    }

    [Fact]
    public void A_group_without_fields_is_refused() =>
        Should.Throw<ParquetException>(() => Tree(Group("a", 0, Repetition.Optional))).Kind.ShouldBe(ParquetErrorKind.CorruptFile);

    [Fact]
    public void A_schema_nested_without_end_is_refused() =>
        Should.Throw<ParquetException>(() => Tree([.. Enumerable.Repeat(Group("a", 1, Repetition.Optional), 1_000), Leaf("x")])).Kind.ShouldBe(ParquetErrorKind.CorruptFile);

    private static SchemaElement Group(string name, int children, Repetition repetition = Repetition.Repeated, LogicalAnnotation? logical = null) =>
        new() { Name = name, ChildCount = children, Repetition = repetition, Logical = logical };

    private static SchemaElement Leaf(string name, Repetition repetition = Repetition.Required) =>
        new() { Name = name, Type = PhysicalType.Int32, Repetition = repetition };

    private static SchemaTree Tree(params SchemaElement[] elements) => SchemaTree.Build([new SchemaElement { Name = "root", ChildCount = 1 }, .. elements]);

    private static string Fold(params SchemaElement[] elements) =>
        Tree(elements).Schema.Columns.ShouldHaveSingleItem() is var column ? $"{column.Name} {Describe(column)}" : "";

    private static string Describe(ParquetColumn column)
    {
        var mark = column.Nullable ? "?" : "";
        return column.Type switch
        {
            ColumnType.List list => $"list{mark}<{Describe(list.Element)}>",
            ColumnType.Map map => $"map{mark}<{Describe(map.Key)}, {(map.Value is { } value ? Describe(value) : "nothing")}>",
            ColumnType.Struct group => $"struct{mark}<{string.Join(", ", group.Fields.Select(field => $"{field.Name} {Describe(field)}"))}>",
            _ => $"int{mark}",
        };
    }
}

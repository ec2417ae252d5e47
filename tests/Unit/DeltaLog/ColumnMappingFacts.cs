using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class ColumnMappingFacts
{
    private static readonly Protocol Mapped = new(2, 5, null, null);

    [Fact]
    public void A_renamed_column_keeps_its_physical_name()
    {
        var mapping = ColumnMapping.Of(Mapped, Table("name", "day", ("day", "col-1")));
        mapping.PhysicalNameOf("day").ShouldBe("col-1");
        mapping.LogicalNameOf("col-1").ShouldBe("day");
        mapping.LogicalNameOf("day").ShouldBeNull();
        Shown(mapping, ("col-1", "x")).ShouldBe(["day=x"]);
    }

    [Fact]
    public void Columns_that_swapped_their_names_are_not_mixed_up()
    {
        var before = ColumnMapping.Of(Mapped, Table("id", "a", ("a", "a"), ("b", "b")));
        var after = ColumnMapping.Of(Mapped, Table("id", "b", ("b", "a"), ("a", "b")));
        Shown(before, ("a", "x")).ShouldBe(["a=x"]);
        Shown(after, ("a", "x")).ShouldBe(["b=x"]);
        (after.PhysicalNameOf("a"), after.PhysicalNameOf("b")).ShouldBe(("b", "a"));
        Shown(ColumnMapping.Of(Mapped, Table("id", "b", ("b", "a"), ("a", "b"))), ("a", "x"), ("b", "y")).ShouldBe(["b=x", "a=y"]);
    }

    [Theory]
    [InlineData(1, 2, null)]
    [InlineData(1, 7, null)]
    [InlineData(3, 7, "deletionVectors")]
    public void A_mapping_that_the_protocol_does_not_allow_has_no_effect(int reader, int writer, string? feature)
    {
        var mapping = ColumnMapping.Of(new Protocol(reader, writer, feature is null ? null : [feature], null), Table("name", "day", ("day", "col-1")));
        mapping.IsMapped.ShouldBeFalse();
        mapping.PhysicalNameOf("day").ShouldBe("day");
        Shown(mapping, ("day", "x")).ShouldBe(["day=x"]);
    }

    [Fact]
    public void A_table_feature_allows_a_mapping_and_without_the_property_there_is_none()
    {
        var protocol = new Protocol(3, 7, ["columnMapping"], ["columnMapping"]);
        ColumnMapping.Of(protocol, Table("name", "day", ("day", "col-1"))).Mode.ShouldBe("name");
        ColumnMapping.Of(protocol, Table(null, "day", ("day", "col-1"))).Mode.ShouldBe("none");
    }

    [Fact]
    public void A_column_that_is_gone_is_named_as_it_was()
    {
        var before = ColumnMapping.Of(Mapped, Table("name", "day", ("day", "col-1")));
        var after = ColumnMapping.Of(Mapped, Table("name", "n", ("n", "col-2")));
        after.ToLogical(PartitionValues.Of("col-1", "x"), before).ShouldHaveSingleItem().Key.ShouldBe("day");
        after.ToLogical(PartitionValues.Of("col-1", "x")).ShouldHaveSingleItem().Key.ShouldBe("col-1");
    }

    private static IEnumerable<string> Shown(ColumnMapping mapping, params (string Column, string Value)[] partition) => mapping
        .ToLogical(PartitionValues.Of(partition.Select(pair => KeyValuePair.Create<string, string?>(pair.Column, pair.Value))))
        .Select(pair => $"{pair.Key}={pair.Value}");

    private static Metadata Table(string? mode, string partitionColumn, params (string Logical, string Physical)[] columns) => new()
    {
        Id = "t1",
        SchemaString = $$"""{"type":"struct","fields":[{{string.Join(',', columns.Select(Field))}}]}""",
        PartitionColumns = [partitionColumn],
        Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.columnMapping.mode"] = mode ?? "none" },
    };

    private static string Field((string Logical, string Physical) column) =>
        $$$"""{"name":"{{{column.Logical}}}","type":"string","nullable":true,"metadata":{"delta.columnMapping.physicalName":"{{{column.Physical}}}"}}""";
}

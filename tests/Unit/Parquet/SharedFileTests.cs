using System.Text.Json;
using System.Text.Json.Nodes;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Files of other writers, against expectations on which other readers agree.</summary>
public sealed class SharedFileTests
{
    public static TheoryData<string> Files => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Directory.EnumerateFiles(Folder, "*.expected.json")
            .Select(path => Path.GetFileName(path)[..^".expected.json".Length]).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SharedTestData.Root, "parquet");

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task A_foreign_file_is_read_as_expected_or_refused_by_the_right_class(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.expected.json"))).ShouldNotBeNull();
        await using var source = FileSource.Open(Path.Combine(Folder, name));
        if ((string?)expected["outcome"] == "error")
        {
            await ExpectRefusal(source, expected);
            return;
        }

        var reader = await ParquetReader.OpenAsync(source);
        reader.Metadata.RowCount.ShouldBe((long)expected["rows"].ShouldNotBeNull());
        reader.Metadata.CreatedBy.ShouldBe((string?)expected["createdBy"]);
        reader.Metadata.RowGroups.Select(group => group.RowCount).ShouldBe(expected["rowGroups"].ShouldNotBeNull().AsArray().Select(rows => (long)rows.ShouldNotBeNull()));
        CompareColumns(reader.Metadata, expected["columns"].ShouldNotBeNull().AsArray());
        await CompareRows(reader, expected, (string?)expected["expected"] ?? $"{name}.expected.jsonl");
    }

    [SharedTheory]
    [InlineData("pt-nested_maps.snappy.parquet")]
    [InlineData("pt-list_columns.parquet")]
    [InlineData("cp-table_with_deletion_logs.parquet")]
    [InlineData("gen-arrowrs-snappy-v1-rowgroups-of-97.parquet")]
    public async Task Rows_are_the_same_however_few_a_batch_has(string name)
    {
        await using var source = FileSource.Open(Path.Combine(Folder, name));
        var whole = await JsonRows.ReadAsync(await ParquetReader.OpenAsync(source));
        foreach (var rows in new[] { 1, 2, 7 })
        {
            (await JsonRows.ReadAsync(await ParquetReader.OpenAsync(source, new ParquetReadOptions { BatchRows = rows }))).ShouldBe(whole);
        }
    }

    private static void CompareColumns(ParquetFileMetadata metadata, JsonArray expected)
    {
        metadata.StoredColumns.Count.ShouldBe(expected.Count);
        for (var ordinal = 0; ordinal < expected.Count; ordinal++)
        {
            var (column, wanted) = (metadata.StoredColumns[ordinal], expected[ordinal].ShouldNotBeNull());
            string.Join('.', column.Path).ShouldBe((string?)wanted["path"]);
            TypeNames.Of(column).ShouldBe(((string?)wanted["physical"], (string?)wanted["logical"]));
            (column.MaxDefinitionLevel, column.MaxRepetitionLevel).ShouldBe(((int)wanted["maxDef"].ShouldNotBeNull(), (int)wanted["maxRep"].ShouldNotBeNull()));
            string.Join(',', metadata.RowGroups.Select(group => TypeNames.Of(group.Columns[ordinal].Codec)).Distinct()).ShouldBe((string?)wanted["codec"]);
        }
    }

    private static async Task CompareRows(ParquetReader reader, JsonNode expected, string linesFile)
    {
        var (first, last, count) = await JsonRows.ReadAsync(reader.ReadAsync(), keep: 1_000);
        var wanted = await File.ReadAllLinesAsync(Path.Combine(Folder, linesFile));
        count.ShouldBe((long)expected["rows"].ShouldNotBeNull());
        first.Count.ShouldBe(wanted.Length);
        for (var row = 0; row < wanted.Length; row++)
        {
            Compare(first[row], wanted[row], row);
        }

        var wantedLast = expected["lastRows"]?.AsArray() ?? [];
        for (var row = 0; row < wantedLast.Count; row++)
        {
            Compare(last[^(wantedLast.Count - row)], wantedLast[row].ShouldNotBeNull().ToJsonString(), (int)count - wantedLast.Count + row);
        }
    }

    private static void Compare(string found, string wanted, int row)
    {
        using var foundRow = JsonDocument.Parse(found);
        using var wantedRow = JsonDocument.Parse(wanted);
        foundRow.RootElement.EnumerateObject().Select(property => property.Name)
            .ShouldBe(wantedRow.RootElement.EnumerateObject().Select(property => property.Name), $"row {row}");
        JsonRows.IsSame(foundRow.RootElement, wantedRow.RootElement).ShouldBeTrue($"row {row}: {found} instead of {wanted}");
    }

    private static async Task ExpectRefusal(FileSource source, JsonNode expected)
    {
        try
        {
            await JsonRows.ReadAsync(await ParquetReader.OpenAsync(source));
        }
        catch (ParquetException exception)
        {
            exception.Kind.ToString().ShouldBe((string?)expected["error"]?["class"], exception.Message);
            exception.File.ShouldBe(source.Name);
            return;
        }

        expected["doubts"].ShouldNotBeNull("the file was read although it must be refused");
    }
}

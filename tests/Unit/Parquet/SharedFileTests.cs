using System.Text.Json.Nodes;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Files of other writers, against expectations on which other readers agree.</summary>
public sealed class SharedFileTests
{
    private static readonly string[] Types = ["boolean", "int8", "int16", "int32", "int64", "float", "double", "string", "binary", "date", "timestamp"];

    public static TheoryData<string> Files => SharedTestData.SkipReason is not null
        ? new TheoryData<string>()
        : [.. Directory.EnumerateFiles(Path.Combine(SharedTestData.Root, "parquet"), "*.expected.json")
            .Select(path => Path.GetFileName(path)[..^".expected.json".Length]).Order(StringComparer.Ordinal)];

    [SharedTheory]
    [MemberData(nameof(Files))]
    public async Task A_foreign_file_is_read_as_expected_or_refused_by_the_right_class(string name)
    {
        var folder = Path.Combine(SharedTestData.Root, "parquet");
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"{name}.expected.json"))).ShouldNotBeNull();
        await using var source = FileSource.Open(Path.Combine(folder, name));
        if ((string?)expected["outcome"] == "error")
        {
            await ExpectRefusal(source, expected);
            return;
        }

        var reader = await ParquetReader.OpenAsync(source);
        reader.Metadata.RowCount.ShouldBe((long)expected["rows"].ShouldNotBeNull());
        reader.Metadata.CreatedBy.ShouldBe((string?)expected["createdBy"]);
        reader.Metadata.RowGroups.Select(group => group.RowCount).ShouldBe(expected["rowGroups"].ShouldNotBeNull().AsArray().Select(rows => (long)rows.ShouldNotBeNull()));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, (string?)expected["expected"] ?? $"{name}.expected.jsonl"));
        foreach (var column in reader.Metadata.Schema.Columns)
        {
            var leaves = expected["columns"].ShouldNotBeNull().AsArray().Select(leaf => leaf.ShouldNotBeNull())
                .Where(leaf => $"{leaf["path"]}." is var path && path.StartsWith($"{column.Name}.", StringComparison.Ordinal));
            await CompareAsync(reader, column, lines, mayBeRefused: leaves.Any(IsBeyondThisReader));
        }
    }

    /// <summary>What a column may be refused for, so that a silent gap is a failure.</summary>
    private static bool IsBeyondThisReader(JsonNode leaf) =>
        (int)leaf["maxDef"].ShouldNotBeNull() > 1
        || (int)leaf["maxRep"].ShouldNotBeNull() > 0
        || (string?)leaf["codec"] is not ("UNCOMPRESSED" or "SNAPPY")
        || !Types.Contains(((string?)leaf["logical"] ?? (string?)leaf["physical"] ?? "").Split('(')[0])
        || leaf["pages"].ShouldNotBeNull().AsObject().Any(page => page.Key.Split(':')[1] is not ("PLAIN" or "PLAIN_DICTIONARY" or "RLE_DICTIONARY" or "RLE"));

    private static async Task CompareAsync(ParquetReader reader, ParquetColumn column, string[] lines, bool mayBeRefused)
    {
        List<object?[]> rows;
        try
        {
            rows = await ParquetRows.ReadAsync(reader, [column.Name]);
        }
        catch (ParquetException exception) when (exception.Kind == ParquetErrorKind.Unsupported && mayBeRefused)
        {
            return;
        }

        for (var row = 0; row < Math.Min(rows.Count, lines.Length); row++)
        {
            var wanted = JsonNode.Parse(lines[row]).ShouldNotBeNull()[column.Name];
            var found = ParquetRows.ToJson(rows[row][0], column.Type);
            IsSame(found, wanted).ShouldBeTrue($"{column.Name}, row {row}: {found?.ToJsonString()} instead of {wanted?.ToJsonString()}");
        }
    }

    private static bool IsSame(JsonNode? found, JsonNode? wanted) => (found, wanted) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ when found.GetValueKind() == System.Text.Json.JsonValueKind.Number && wanted.GetValueKind() == System.Text.Json.JsonValueKind.Number =>
            double.Parse(found.ToJsonString()) == double.Parse(wanted.ToJsonString()),
        _ => JsonNode.DeepEquals(found, wanted),
    };

    private static async Task ExpectRefusal(FileSource source, JsonNode expected)
    {
        try
        {
            var reader = await ParquetReader.OpenAsync(source);
            await ParquetRows.ReadAsync(reader);
        }
        catch (ParquetException exception)
        {
            // What is nested or compressed otherwise is refused before its damage is seen.
            (exception.Kind == ParquetErrorKind.Unsupported || exception.Kind.ToString() == (string?)expected["error"]?["class"]).ShouldBeTrue(exception.Message);
            return;
        }

        expected["doubts"].ShouldNotBeNull("the file was read although it must be refused");
    }
}

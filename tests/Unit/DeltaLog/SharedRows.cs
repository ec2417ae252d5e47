using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>The rows of tables of others, against their files: each row that no deletion vector has, its columns renamed as the schema says, once.</summary>
public sealed partial class SharedRows
{
    // Files of the first two have the types from before they were widened; the third has a type that is not read.
    private static readonly string[] OfOtherTypes = ["golden-type-widening", "golden-type-widening-nested", "spark-variant-stats-state-reconstruction"];

    [SharedTheory]
    [MemberData(nameof(ExpectedTable.SharedNames), MemberType = typeof(ExpectedTable))]
    public async Task The_rows_of_a_table_are_those_of_its_files(string name)
    {
        var expected = ExpectedTable.LoadShared(name);
        if (!expected.IsReadable || OfOtherTypes.Contains(name))
        {
            return;
        }

        var snapshot = await DeltaTable.At(expected.Table).ReadSnapshot();
        if (snapshot.NumFiles == 0 || !snapshot.Files.All(file => File.Exists(Path.Combine(expected.Table, file.DecodedPath))))
        {
            return;
        }

        var store = new PrefixedStore(expected.Table);
        string[] columns = [.. snapshot.Metadata.Schema.Fields.Select(field => field.Name).Except(snapshot.Metadata.PartitionColumns)];
        var read = new List<string>();
        var stored = new List<string>();
        foreach (var partition in snapshot.Partitions.Keys)
        {
            read.AddRange((await Lines(new DeltaReader(store).ReadFiles(snapshot, partition, columns))).Select(line => Comparable(line, columns)));
            foreach (var file in snapshot.FilesOf(partition))
            {
                stored.AddRange((await Stored(store, snapshot, file)).Select(line => Comparable(line, columns)));
            }
        }

        read.Count.ShouldBe(stored.Count);
        read.Order(StringComparer.Ordinal).Zip(stored.Order(StringComparer.Ordinal)).FirstOrDefault(pair => pair.First != pair.Second).ShouldBe(default);
    }

    [SharedFact]
    public async Task Values_from_before_a_table_was_widened_are_of_the_wider_types()
    {
        var folder = ExpectedTable.LoadShared("golden-type-widening").Table;
        var snapshot = await DeltaTable.At(folder).ReadSnapshot();
        var lines = await Lines(DeltaReader.At(folder).ReadFiles(snapshot, PartitionValues.None));
        lines.Order(StringComparer.Ordinal).ShouldBe(
        [
            """{"byte_long":"1","int_long":"2","float_double":3.4000000953674316,"byte_double":5,"short_double":6,"int_double":7,"decimal_decimal_same_scale":"123.45","decimal_decimal_greater_scale":"67.89000","byte_decimal":"1.0","short_decimal":"2.0","int_decimal":"3.0","long_decimal":"4.0","date_timestamp_ntz":"2024-09-09T00:00:00.000000"}""",
            """{"byte_long":"9223372036854775807","int_long":"9223372036854775807","float_double":1.234567890123,"byte_double":1.234567890123,"short_double":1.234567890123,"int_double":1.234567890123,"decimal_decimal_same_scale":"12345678901234.56","decimal_decimal_greater_scale":"12345678901.23456","byte_decimal":"123.4","short_decimal":"12345.6","int_decimal":"1234567890.1","long_decimal":"123456789012345678.9","date_timestamp_ntz":"2024-09-09T12:34:56.123456"}""",
        ]);
    }

    private static async Task<IEnumerable<string>> Stored(PrefixedStore store, Snapshot snapshot, AddFile file)
    {
        await using var source = await store.Open(file.DecodedPath);
        var lines = await Lines((await ParquetReader.OpenAsync(source)).ReadAsync());
        if (file.DeletionVector is { } vector)
        {
            var deleted = await new DeletionVectorReader(store).Read(snapshot.Location, file, vector, default);
            lines = [.. (deleted.LiveOf(0, lines.Length) ?? [.. Enumerable.Range(0, lines.Length)]).Select(row => lines[row])];
        }

        // Physical names are unlike any value, so that they can be replaced wherever they stand.
        var names = snapshot.Mapping.IsMapped ? Physical(snapshot.Metadata.Schema.Fields).Where(pair => pair.Key != pair.Value).ToArray() : [];
        return lines.Select(line => names.Aggregate(line, (text, pair) => text.Replace($"\"{pair.Key}\":", $"\"{pair.Value}\":", StringComparison.Ordinal)));
    }

    private static IEnumerable<KeyValuePair<string, string>> Physical(IEnumerable<SchemaField> fields) =>
        fields.SelectMany(field => Below(field.Type).Prepend(KeyValuePair.Create(field.Metadata.GetValueOrDefault("delta.columnMapping.physicalName") ?? field.Name, field.Name)));

    private static IEnumerable<KeyValuePair<string, string>> Below(DataType type) => type switch
    {
        DataType.Struct group => Physical(group.Fields),
        DataType.Array array => Below(array.Element),
        DataType.Map map => Below(map.Key).Concat(Below(map.Value)),
        _ => [],
    };

    private static async Task<string[]> Lines(IAsyncEnumerable<ColumnBatch> batches)
    {
        using var stream = new MemoryStream();
        using var writer = new JsonLinesWriter(stream);
        await foreach (var batch in batches)
        {
            using (batch)
            {
                await writer.WriteAsync(batch, batch.RowCount);
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[..^1];
    }

    /// <summary>A row without nulls, for a file may lack a column; and without the nanoseconds that old files have and tables do not, nor the zone that some
    /// writers leave out of their files.</summary>
    private static string Comparable(string line, string[] columns)
    {
        var row = JsonNode.Parse(FineTime().Replace(line, "${time}\""))!.AsObject();
        foreach (var extra in row.Select(member => member.Key).Except(columns).ToArray())
        {
            row.Remove(extra);
        }

        return Sorted(row)!.ToJsonString();
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(member => member.Value is not null).OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("(?<time>[0-9]:[0-9]{2}\\.[0-9]{6})(000)?Z?\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FineTime();
}

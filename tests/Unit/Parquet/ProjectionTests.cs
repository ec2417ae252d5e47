using System.Text;
using System.Text.Json.Nodes;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Reading parts of nested columns, as those who read checkpoints do.</summary>
public sealed class ProjectionTests
{
    private static readonly string Checkpoint = "cp-table_with_deletion_logs.parquet";

    [SharedFact]
    public async Task Parts_of_structs_and_maps_are_read_alone()
    {
        await using var source = Open(Checkpoint);
        var reader = await ParquetReader.OpenAsync(source);
        var whole = (await JsonRows.ReadAsync(reader)).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();

        var parts = (await JsonRows.ReadAsync(
            reader, ColumnPath.Of("remove", "path"), ColumnPath.Of("add", "size"), ColumnPath.Of("add", "path"), ColumnPath.Of("protocol"))).ConvertAll(line => JsonNode.Parse(line)!);

        parts.Count.ShouldBe(whole.Count);
        for (var row = 0; row < whole.Count; row++)
        {
            var wanted = new JsonObject
            {
                ["remove"] = Only(whole[row]["remove"], "path"),
                ["add"] = Only(whole[row]["add"], "path", "size"),
                ["protocol"] = whole[row]["protocol"]?.DeepClone(),
            };
            JsonNode.DeepEquals(parts[row], wanted).ShouldBeTrue($"row {row}: {parts[row]} instead of {wanted}");
        }
    }

    [SharedFact]
    public async Task Texts_in_structs_and_maps_are_spans_of_bytes()
    {
        await using var source = Open(Checkpoint);
        var reader = await ParquetReader.OpenAsync(source);
        var paths = new List<string>();
        var keys = 0;
        await foreach (var batch in reader.ReadPathsAsync([ColumnPath.Of("add", "path"), ColumnPath.Of("add", "partitionValues")]))
        {
            using (batch)
            {
                var add = batch["add"].ShouldBeOfType<StructColumn>();
                var path = add.Find("path").ShouldBeOfType<BinaryColumn>();
                var values = add.Find("partitionValues").ShouldBeOfType<MapColumn>();
                add.Find("size").ShouldBeNull();
                for (var row = 0; row < batch.RowCount; row++)
                {
                    path.IsNull(row).ShouldBe(add.IsNull(row));
                    if (!add.IsNull(row))
                    {
                        paths.Add(Encoding.UTF8.GetString(path.GetBytes(row)));
                        keys += values.CountOf(row);
                    }
                }

                values.Keys.ShouldNotBeNull().Length.ShouldBe(values.Offsets[^1]);
            }
        }

        var whole = (await JsonRows.ReadAsync(reader)).Select(line => JsonNode.Parse(line)!["add"]).Where(add => add is not null).ToList();
        paths.ShouldBe(whole.Select(add => (string)add!["path"]!));
        keys.ShouldBe(whole.Sum(add => add!["partitionValues"]!.AsArray().Count));
    }

    [SharedFact]
    public async Task Elements_keys_and_values_are_parts_too()
    {
        await using var source = Open("pt-nested_maps.snappy.parquet");
        var reader = await ParquetReader.OpenAsync(source);
        var keys = await JsonRows.ReadAsync(reader, ColumnPath.Of("a", ColumnPath.Key));
        keys[0].ShouldBe("""{"a":[["a",null]]}""");
        reader.Metadata.Schema.Find(ColumnPath.Of("a", ColumnPath.Value, ColumnPath.Value)).ShouldNotBeNull().Type.ShouldBe(new ColumnType.Boolean());
    }

    [SharedFact]
    public async Task A_part_that_the_file_lacks_is_an_error_of_the_caller()
    {
        await using var source = Open(Checkpoint);
        var reader = await ParquetReader.OpenAsync(source);
        reader.Metadata.Schema.Find(ColumnPath.Of("add", "nothing")).ShouldBeNull();
        Should.Throw<ArgumentException>(() => reader.ReadPathsAsync([ColumnPath.Of("add", "nothing")]));
    }

    private static FileSource Open(string name) => FileSource.Open(Path.Combine(SharedTestData.Root, "parquet", name));

    private static JsonObject? Only(JsonNode? group, params string[] fields) => group is null
        ? null
        : new JsonObject(group.AsObject().Where(field => fields.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}

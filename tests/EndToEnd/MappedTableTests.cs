using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The built-in work on a table that Spark wrote with column mapping and deletion vectors, and whose columns somebody renamed.</summary>
public sealed class MappedTableTests : IDisposable
{
    private const string Pipeline = "counts";
    private const string Source = "golden-dv-with-columnmapping";
    private const int Latest = 15;
    private const string Day = "col-60c949ca-b8bc-4330-b931-b73fb4c60037";
    private const string Text = "col-ae46e8ed-607b-4b7c-8a13-44991fe0a2e4";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Dataset => Path.Combine(Data, "dataset");

    private string Input => Path.Combine(Dataset, "others");

    private string Output => Path.Combine(Dataset, "summary");

    [SharedFact]
    public async Task Rows_are_counted_by_the_new_names_and_without_those_that_are_deleted()
    {
        Copy();
        Put(Latest + 1, [Renamed(), .. Dated("6", "20240101"), .. Dated("8", "20240102"), .. Dated("4", "20240102"), .. Dated("0", "20240103")]);
        WritePipeline();
        await using var node = await NodeProcess.Start(Data);
        (await node.Cli("pipelines", "apply", Path.Combine(_folder.Path, "counts.yaml"))).Succeeded();
        await node.Runs(Pipeline, "two runs that succeeded", runs => runs.Count == 2 && runs.All(r => r.HasSucceeded));
        (await Counts("20240101")).ShouldBe(["""{"count":2,"type":"foo1","version":null}"""]);
        (await Counts("20240102")).ShouldBe(["""{"count":2,"type":"foo3","version":null}""", """{"count":2,"type":"foo4","version":null}"""]);

        // One more row of the first day goes, by a vector that lies in the log itself.
        var add = Active("6").Single();
        Put(Latest + 2, [Removed(add, "20240101"), Added(add, "20240101", new JsonObject
        {
            ["storageType"] = "i", ["pathOrInlineDv"] = "^Bg9^0rr910000000000iXQKl0rr91000315c8Xg00031", ["sizeInBytes"] = 36, ["cardinality"] = 2,
        })]);
        await Waiting.For("a late date", async () => (await node.Cli("partitions", "list", Pipeline, "--late")).Succeeded().Output.Contains("2024-01-01") ? "" : null);
        (await node.Cli("runs", "clear", Pipeline, "2024-01-02", "--task", "mark_partition_as_processing", "--downstream", "--yes")).Succeeded();
        await node.Runs(Pipeline, "the backfill and the cleared run", all => all.Count == 3 && all.All(r => r.HasSucceeded));
        (await Counts("20240101")).ShouldBe(["""{"count":1,"type":"foo1","version":null}"""]);
    }

    private async Task<IReadOnlyList<string>> Counts(string day) => (await ForeignReader.Partitions(Output))[day];

    private void Copy()
    {
        var source = Path.Combine(SharedTestData.Root, "delta", Source);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Input, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The files of a partition as they are after the last commit of Spark.</summary>
    private IEnumerable<JsonObject> Active(string part)
    {
        var adds = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var version = 0; version <= Latest; version++)
        {
            var actions = File.ReadLines(LogFile(version)).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
            actions.Select(action => action["remove"]).OfType<JsonObject>().ToList().ForEach(remove => adds.Remove((string)remove["path"]!));
            actions.Select(action => action["add"]).OfType<JsonObject>().ToList().ForEach(add => adds[(string)add["path"]!] = add);
        }

        return adds.Values.Where(add => (string?)add["partitionValues"]![Day] == part);
    }

    /// <summary>Moves the files of a partition to a date: files do not hold the columns of their partition.</summary>
    private IEnumerable<JsonObject> Dated(string part, string day) => Active(part).SelectMany(add => new[] { Removed(add, part), Added(add, day, add["deletionVector"]?.DeepClone()) });

    private static JsonObject Removed(JsonObject add, string day)
    {
        var remove = new JsonObject { ["path"] = (string)add["path"]!, ["dataChange"] = true, ["extendedFileMetadata"] = true, ["partitionValues"] = new JsonObject { [Day] = day }, ["size"] = 1 };
        if (add["deletionVector"] is { } vector)
        {
            remove["deletionVector"] = vector.DeepClone();
        }

        return new JsonObject { ["remove"] = remove };
    }

    private static JsonObject Added(JsonObject add, string day, JsonNode? vector)
    {
        var moved = add.DeepClone().AsObject();
        moved["partitionValues"] = new JsonObject { [Day] = day };
        moved["deletionVector"] = vector;
        return new JsonObject { ["add"] = moved };
    }

    /// <summary>The columns get other names, and one more comes that no file has.</summary>
    private static JsonObject Renamed() => new()
    {
        ["metaData"] = new JsonObject
        {
            ["id"] = "testId",
            ["format"] = new JsonObject { ["provider"] = "parquet", ["options"] = new JsonObject() },
            ["schemaString"] = $$"""{"type":"struct","fields":[{{Field("day", "integer", 1, Day)}},{{Field("type", "string", 3, Text)}},{{Field("version", "string", 4, "col-new")}}]}""",
            ["partitionColumns"] = new JsonArray("day"),
            ["configuration"] = new JsonObject { ["delta.columnMapping.mode"] = "name", ["delta.enableDeletionVectors"] = "true", ["delta.columnMapping.maxColumnId"] = "4" },
        },
    };

    private static string Field(string name, string type, int id, string physical) =>
        $$$"""{"name":"{{{name}}}","type":"{{{type}}}","nullable":true,"metadata":{"delta.columnMapping.id":{{{id}}},"delta.columnMapping.physicalName":"{{{physical}}}"} }""";

    private void Put(int version, IEnumerable<JsonObject> actions)
    {
        var temporary = Path.Combine(_folder.Path, $"{version}.json");
        File.WriteAllLines(temporary, actions.Select(action => action.ToJsonString()));
        File.Move(temporary, LogFile(version));
    }

    private string LogFile(int version) => Path.Combine(Input, "_delta_log", $"{version:D20}.json");

    private void WritePipeline() => File.WriteAllText(
        Path.Combine(_folder.Path, "counts.yaml"),
        """
        name: counts
        schedule: "@daily"
        start: 2024-01-01
        end: 2024-01-02
        inputs: [{table: others, partitionColumn: day, partitionFormat: yyyyMMdd}]
        work: {task: count, builtIn: device_summary, output: summary}
        """);
}

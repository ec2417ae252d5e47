using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class MetadataChangeFacts : IDisposable
{
    private static readonly SchemaField Note = new("note", new DataType.Primitive("string"));

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Properties_are_set_changed_and_taken_away()
    {
        await _table.Created(TemporaryTable.File("f0", "a"));
        (await Set(("delta.checkpointInterval", "5"), ("mine", "1"))).ShouldBe(new CommitResult.Committed(1));
        (await Set(("mine", null), ("other", "é"))).ShouldBe(new CommitResult.Committed(2));
        var snapshot = await DeltaTable.At(_table.Folder).ReadSnapshot();
        snapshot.Metadata.Configuration.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)).ShouldBe([("delta.checkpointInterval", "5"), ("other", "é")]);
        snapshot.NumFiles.ShouldBe(1);
        (await File.ReadAllLinesAsync(_table.PathOf(2)))[0].ShouldContain("""
            "operation":"SET TBLPROPERTIES","operationParameters":{"properties":"{\"mine\":null,\"other\":\"é\"}"}
            """.Trim());
    }

    [Fact]
    public async Task Columns_are_added_and_those_that_were_there_stay_to_the_letter()
    {
        const string Odd = """{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{\"n\":1,\"deep\":{\"x\":[true]}}}""";
        _table.Put(
            0,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            $$$"""{"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{{{Odd}}}]}","partitionColumns":[],"configuration":{},"createdTime":1}}""");
        (await _table.Table.AddColumns([Note, new("list", new DataType.Array(new DataType.Primitive("long"), ContainsNull: true))], CommitOrigin.None)).ShouldBe(new CommitResult.Committed(1));
        (await File.ReadAllTextAsync(_table.PathOf(1))).ShouldContain($$"""\"fields\":[{{Odd}},{\"name\":\"note\",""");
        (await DeltaTable.At(_table.Folder).ReadSnapshot()).Metadata.Schema.Fields.Select(field => $"{field.Name}:{field.Type}").ShouldBe(["id:long", "note:string", "list:array<long>"]);
    }

    [Fact]
    public async Task A_column_that_is_there_or_must_not_be_null_is_refused()
    {
        await _table.Created();
        (await Refused(() => Add(new SchemaField("ID", new DataType.Primitive("long"))))).Class.ShouldBe(DeltaErrorClass.SchemaMismatch);
        (await Refused(() => Add(Note with { Nullable = false }))).Message.ShouldContain("'note' must not be null");
        File.Exists(_table.PathOf(1)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("delta.enableDeletionVectors", "true", "deletionVectors")]
    [InlineData("delta.enableChangeDataFeed", "TRUE", "changeDataFeed")]
    [InlineData("delta.columnMapping.mode", "name", "columnMapping")]
    [InlineData("delta.constraints.positive", "id > 0", "checkConstraints")]
    [InlineData("delta.feature.rowTracking", "supported", "rowTracking")]
    [InlineData("delta.checkpointPolicy", "v2", "v2Checkpoint")]
    [InlineData("delta.minWriterVersion", "7", "delta.minWriterVersion")]
    public async Task A_property_that_asks_for_a_feature_is_refused_by_its_name(string property, string value, string feature)
    {
        await _table.Created();
        var error = await Refused(() => Set((property, value)));
        error.Class.ShouldBe(DeltaErrorClass.UnsupportedWriterFeature);
        error.Features.ShouldBe([feature]);
        File.Exists(_table.PathOf(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_column_that_asks_for_a_feature_is_refused_by_its_name()
    {
        await _table.Created();
        (await Refused(() => Add(new SchemaField("at", new DataType.Struct([new("local", new DataType.Primitive("timestamp_ntz"))]))))).Features.ShouldBe(["timestampNtz"]);
        var generated = Note with { Metadata = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.generationExpression"] = "id" } };
        (await Refused(() => Add(generated))).Features.ShouldBe(["generatedColumns"]);
    }

    [Fact]
    public async Task Of_changes_that_race_each_is_there_and_appends_pass_them()
    {
        await _table.Created();
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => i % 3 == 0
            ? await DeltaTable.At(_table.Folder).Append([TemporaryTable.File($"f{i}", "a")], CommitOrigin.None)
            : await DeltaTable.At(_table.Folder).SetProperties(new Dictionary<string, string?>(StringComparer.Ordinal) { [$"p{i}"] = "1" }, CommitOrigin.None))));
        results.ShouldAllBe(result => result is CommitResult.Committed || (result is CommitResult.Conflict && ((CommitResult.Conflict)result).Kind == ConflictKind.MetadataChanged));
        var snapshot = await DeltaTable.At(_table.Folder).ReadSnapshot();
        snapshot.Metadata.Configuration.Keys.ShouldBe(Enumerable.Range(0, 12).Where(i => i % 3 != 0).Select(i => $"p{i}"), ignoreOrder: true);
        snapshot.Version.ShouldBe(results.OfType<CommitResult.Committed>().Count());
    }

    [Fact]
    public async Task A_change_with_a_txn_is_made_once()
    {
        await _table.Created();
        var origin = new CommitOrigin(new SetTransaction("app", 1));
        (await _table.Table.AddColumns([Note], origin)).ShouldBe(new CommitResult.Committed(1));
        (await DeltaTable.At(_table.Folder).AddColumns([Note], origin)).ShouldBe(new CommitResult.AlreadyCommitted(1));
    }

    private static Task<DeltaException> Refused(Func<Task> change) => Should.ThrowAsync<DeltaException>(change);

    private Task<CommitResult> Set(params (string Name, string? Value)[] properties) =>
        _table.Table.SetProperties(properties.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), CommitOrigin.None).AsTask();

    private Task<CommitResult> Add(SchemaField column) => _table.Table.AddColumns([column], CommitOrigin.None).AsTask();
}

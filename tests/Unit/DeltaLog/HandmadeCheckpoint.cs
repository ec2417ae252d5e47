using System.Text.Json.Nodes;
using Latecomer.DeltaLog;
using Latecomer.Tests.Unit.Parquet;
using static Latecomer.Tests.Unit.Parquet.HandmadeRows;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Checkpoints in Parquet made by hand out of actions as a commit has them, one row for each.</summary>
internal static class HandmadeCheckpoint
{
    private static readonly HandmadeField Protocol = Group("protocol", Int("minReaderVersion"), Int("minWriterVersion"), Texts("readerFeatures"), Texts("writerFeatures"));

    private static readonly HandmadeField Metadata = Group(
        "metaData",
        Text("id"),
        Group("format", Text("provider"), Map("options")),
        Text("schemaString"),
        Texts("partitionColumns"),
        Map("configuration"),
        Long("createdTime"));

    private static readonly HandmadeField Vector = Group(
        "deletionVector", Text("storageType"), Text("pathOrInlineDv"), Int("offset"), Int("sizeInBytes"), Long("cardinality"));

    private static readonly HandmadeField Add = Group(
        "add", Text("path"), Map("partitionValues"), Long("size"), Long("modificationTime"), Text("stats"), Group("stats_parsed", Long("numRecords")), Vector);

    private static readonly HandmadeField Remove = Group("remove", Text("path"), Long("deletionTimestamp"), Map("partitionValues"), Vector);

    /// <summary>The columns of a checkpoint without sidecars.</summary>
    public static HandmadeField[] Classic { get; } = [Protocol, Metadata, Add, Remove];

    /// <summary>The columns of a checkpoint that may have sidecars.</summary>
    public static HandmadeField[] V2 { get; } =
        [Group("checkpointMetadata", Long("version")), .. Classic, Group("sidecar", Text("path"), Long("sizeInBytes"), Long("modificationTime"))];

    /// <summary>The columns of a sidecar.</summary>
    public static HandmadeField[] Sidecar { get; } = [Add, Remove];

    /// <summary>Classic columns without the statistics' text, as a table whose property asks for it has them.</summary>
    public static HandmadeField[] WithoutStatsText { get; } = [Protocol, Metadata, Add with { Children = [.. Add.Children.Where(field => field.Name != "stats")] }];

    /// <summary>Puts the checkpoint of a version under the classic name.</summary>
    public static void PutCheckpoint(this TemporaryTable table, long version, HandmadeField[] columns, params string[] actions) =>
        table.PutFile($"{LogFile.FirstNameOf(version)}.checkpoint.parquet", columns, actions);

    /// <summary>Puts a file of actions in the log's folder.</summary>
    public static void PutFile(this TemporaryTable table, string name, HandmadeField[] columns, params string[] actions)
    {
        var path = Path.Combine(table.LogFolder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Of(columns, [.. actions.Select(action => JsonNode.Parse(action)!.AsObject())]));
    }
}

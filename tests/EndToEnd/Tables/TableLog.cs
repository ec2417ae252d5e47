using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Tables;

/// <summary>A Delta log as anybody may read it: JSON lines. It uses nothing of the program.</summary>
internal sealed class TableLog(string table)
{
    private const string Extension = ".json";

    /// <summary>The versions, in order.</summary>
    public IReadOnlyList<long> Versions =>
    [
        .. Directory.EnumerateFiles(Path.Combine(table, "_delta_log"), $"*{Extension}")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name.Length == 20).Select(long.Parse).Order(),
    ];

    /// <summary>The file of a version.</summary>
    public string FileOf(long version) => Path.Combine(table, "_delta_log", $"{version:D20}{Extension}");

    /// <summary>The commits, in order.</summary>
    public IReadOnlyList<TableCommit> Commits => [.. Versions.Select(version => new TableCommit(version, Actions(version)))];

    /// <summary>The commits that change data.</summary>
    public IReadOnlyList<TableCommit> DataCommits => [.. Commits.Where(c => c.ChangesData)];

    /// <summary>The files that are there after the last commit, by partition, relative to the table.</summary>
    public IReadOnlyList<(string Partition, string Path)> ActiveFiles()
    {
        var active = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var action in Commits.SelectMany(c => c.Actions))
        {
            if (action["add"] is JsonObject add)
            {
                active[(string)add["path"]!] = (string)add["partitionValues"]!.AsObject().Single().Value!;
            }
            else if (action["remove"] is JsonObject remove)
            {
                active.Remove((string)remove["path"]!);
            }
        }

        return [.. active.Select(file => (file.Value, Path.Combine(table, Uri.UnescapeDataString(file.Key))))];
    }

    private List<JsonObject> Actions(long version) => [.. File.ReadLines(FileOf(version)).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!.AsObject())];
}

/// <summary>A commit of a log.</summary>
internal sealed record TableCommit(long Version, IReadOnlyList<JsonObject> Actions)
{
    /// <summary>Whether a file is added or removed as data.</summary>
    public bool ChangesData => Actions.Any(a => (bool?)(a["add"] ?? a["remove"])?["dataChange"] == true);

    /// <summary>The transactions, as application and version.</summary>
    public IReadOnlyList<(string Application, long Version)> Transactions =>
        [.. Actions.Select(a => a["txn"]).OfType<JsonObject>().Select(t => ((string)t["appId"]!, (long)t["version"]!))];

    /// <summary>The partitions that files are added to.</summary>
    public IReadOnlyList<string> Partitions =>
        [.. Actions.Select(a => a["add"]).OfType<JsonObject>().Select(a => (string)a["partitionValues"]!.AsObject().Single().Value!).Distinct()];
}

using System.Text.Json.Nodes;
using Latecomer.DeltaLog;
using Latecomer.Tests.Integration.Oracle;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>An independent reader finds in our checkpoint of a table what it found in the table's log.</summary>
public sealed class CheckpointOracleTests : IDisposable
{
    private const int FewestTables = 80;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public async Task A_table_is_the_same_by_its_checkpoint_to_an_independent_reader()
    {
        using var oracle = new SharedOracle();
        var pairs = new List<(string Log, string Checkpoint)>();
        foreach (var table in Tables())
        {
            if (await TryCheckpoint(table) is { } pair)
            {
                pairs.Add(pair);
            }
        }

        pairs.Count.ShouldBeGreaterThan(FewestTables);
        var documents = await oracle.Inspect(pairs.SelectMany(pair => new[] { pair.Log, pair.Checkpoint }));
        var differences = new List<string>();
        foreach (var (log, checkpoint) in pairs)
        {
            var (wanted, found) = (State(documents[log]), State(documents[checkpoint]));
            if (!JsonNode.DeepEquals(wanted, found))
            {
                differences.Add($"{Path.GetFileName(log)}: {found.ToJsonString()} instead of {wanted.ToJsonString()}");
            }

            var hint = documents[checkpoint]["log"]!["lastCheckpoint"]!;
            ((string?)hint["status"], (bool?)hint["checksumValid"]).ShouldBe(("ok", true), checkpoint);
        }

        differences.ShouldBeEmpty();
        var kinds = pairs.Select(pair => documents[pair.Checkpoint]["log"]!["checkpoints"]!.AsArray().ShouldHaveSingleItem()!)
            .Select(checkpoint => ((string)checkpoint["kind"]!, (string)checkpoint["spec"]!)).Distinct();
        kinds.ShouldBe([("classic", "v1"), ("uuid-parquet", "v2")], ignoreOrder: true);
    }

    private static IEnumerable<string> Tables() =>
        Directory.EnumerateDirectories(Path.Combine(SharedTestData.Root, "delta")).Concat(Directory.EnumerateDirectories(HandmadeTables.Folder))
            .Where(table => Directory.Exists(Path.Combine(table, "_delta_log"))).DistinctBy(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>What the latest version is, whatever files say so.</summary>
    private static JsonObject State(JsonNode document) => new()
    {
        ["version"] = document["latestVersion"]!.DeepClone(),
        ["protocol"] = WithoutVersion(document["protocolHistory"]),
        ["metadata"] = WithoutVersion(document["metadataHistory"]),
        ["snapshot"] = document["snapshots"]!.AsArray()[^1]!.DeepClone(),
        ["totals"] = document["versions"]!.AsArray()[^1]!.DeepClone(),
    };

    private static JsonNode WithoutVersion(JsonNode? history)
    {
        var last = history!.AsArray()[^1]!.DeepClone();
        last.AsObject().Remove("version");
        return last;
    }

    /// <summary>Copies a table's log, adds a commit that changes nothing, and makes of that a second table which has the checkpoint alone; null if the
    /// table is refused.</summary>
    private async Task<(string Log, string Checkpoint)?> TryCheckpoint(string table)
    {
        var name = Path.GetFileName(table);
        var (whole, cut) = (Copy(table, $"{name}.log"), Copy(table, $"{name}.checkpoint"));
        try
        {
            var version = (await DeltaTable.At(whole).ReadSnapshot()).Version + 1;
            foreach (var copy in new[] { whole, cut })
            {
                await File.WriteAllTextAsync(Path.Combine(copy, "_delta_log", LogFile.CommitName(version)), """{"commitInfo":{"operation":"NOTHING"}}""" + "\n");
            }

            var written = (await DeltaTable.At(cut).WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>();
            written.Version.ShouldBe(version);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(cut, "_delta_log"), "*", SearchOption.AllDirectories))
            {
                if (Path.GetFileName(file) != written.Name && Path.GetFileName(file) != "_last_checkpoint")
                {
                    File.Delete(file);
                }
            }

            return (whole, cut);
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    private string Copy(string table, string name)
    {
        var folder = Path.Combine(_folder.Path, name);
        var from = Path.Combine(table, "_delta_log");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, "_delta_log", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.SetAttributes(copy, FileAttributes.Normal);
        }

        return folder;
    }
}

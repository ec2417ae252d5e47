using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Tables of other writers, by their logs and by our checkpoint of them alone: both are the same state.</summary>
public sealed class CheckpointedTables : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shared => ExpectedTable.SharedNames;

    public static TheoryData<string> Handmade => ExpectedTable.HandmadeNames;

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task A_table_of_another_writer_is_the_same_by_its_checkpoint(string name) => IsSame(ExpectedTable.LoadShared(name));

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task A_table_made_by_hand_is_the_same_by_its_checkpoint(string name) => IsSame(ExpectedTable.LoadHandmade(name));

    private async Task IsSame(ExpectedTable expected)
    {
        var log = new LocalLogStore(_folder.Path);
        if (!CopyLog(expected.Table) || await TryRead(log) is not { } before)
        {
            return;
        }

        // A commit that changes nothing, for the latest version may have a checkpoint.
        var version = before.Version + 1;
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "_delta_log", LogFile.CommitName(version)), """{"commitInfo":{"operation":"NOTHING"}}""");
        var table = new DeltaTable(log, new FakeClock(DateTimeOffset.UnixEpoch), Guid.NewGuid);
        try
        {
            (await table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>().Version.ShouldBe(version);
        }
        catch (DeltaException error) when (error.Class == DeltaErrorClass.UnsupportedWriterFeature)
        {
            error.Features.ShouldNotBeEmpty();
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder.Path, "_delta_log"), "*", SearchOption.AllDirectories))
        {
            var isOurs = Path.GetFileName(file).StartsWith($"{LogFile.FirstNameOf(version)}.checkpoint.", StringComparison.Ordinal) || Path.GetFileName(file) == "_last_checkpoint";
            if (!isOurs)
            {
                File.Delete(file);
            }
        }

        var after = (await TryRead(log)).ShouldNotBeNull();
        after.Version.ShouldBe(version);
        var hasStats = TableProperties.WritesStatsAsJson(before.Metadata!);
        Lines(after, hasStats).Except(Lines(before, hasStats)).ShouldBeEmpty();
        Lines(after, hasStats).ShouldBe(Lines(before, hasStats));
    }

    private bool CopyLog(string table)
    {
        var from = Path.Combine(table, "_delta_log");
        if (!Directory.Exists(from))
        {
            return false;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.Path, "_delta_log", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return true;
    }

    private static async Task<SnapshotState?> TryRead(ILogStore log)
    {
        try
        {
            var state = await StateReader.Read(log, version: null, ActionDetail.Tombstones, default);
            return ReaderSupport.Refusal(log.Location, state.Version, state.Protocol, state.Metadata) is null ? state : null;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    /// <summary>All that a state holds, in order. Whether rows changed is a commit's word, and parsed statistics come back as a count of rows.</summary>
    private static List<string> Lines(SnapshotState state, bool hasStats) =>
    [
        JsonSerializer.Serialize(state.Protocol),
        JsonSerializer.Serialize(new { state.Metadata!.Id, state.Metadata.Name, state.Metadata.Description, state.Metadata.FormatProvider, state.Metadata.SchemaString }),
        JsonSerializer.Serialize(new { state.Metadata.PartitionColumns, Configuration = state.Metadata.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal), state.Metadata.CreatedTime }),
        .. Sorted(state.Transactions.Select(pair => $"txn {pair.Key} {pair.Value.Version} {pair.Value.LastUpdated}")),
        .. Sorted(state.Domains.Select(pair => $"domain {pair.Key} {pair.Value}")),
        .. Sorted(state.Files.All.Select(file => "add " + Text(file with { DataChange = true, Stats = hasStats ? file.Stats ?? Counted(file) : null }, file.PartitionValues))),
        .. Sorted(state.Tombstones!.All.Select(file => "remove " + Text(file with { DataChange = true, NumRecords = null }, file.PartitionValues))),
    ];

    private static string? Counted(AddFile file) => file.NumRecords is { } rows ? $"{{\"numRecords\":{rows}}}" : null;

    private static string Text<T>(T action, PartitionValues? values) => JsonSerializer.Serialize(action) + JsonSerializer.Serialize(values?.Raw);

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
}

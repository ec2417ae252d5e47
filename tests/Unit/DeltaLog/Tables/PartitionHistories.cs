using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>The pass that finds the last data change of each partition, which does not replay, against what an independent reader found by replaying.</summary>
public sealed class PartitionHistories
{
    public static TheoryData<string> Shared => ExpectedTable.SharedNames;

    public static TheoryData<string> Handmade => ExpectedTable.HandmadeNames;

    [SharedTheory]
    [MemberData(nameof(Shared))]
    public Task The_last_data_change_of_each_partition_of_another_writers_table_is_found(string name) => IsFound(ExpectedTable.LoadShared(name));

    [Theory]
    [MemberData(nameof(Handmade))]
    public Task The_last_data_change_of_each_partition_of_a_table_made_by_hand_is_found(string name) => IsFound(ExpectedTable.LoadHandmade(name));

    private static async Task IsFound(ExpectedTable expected)
    {
        if (!expected.IsReadable)
        {
            return;
        }

        var (log, last) = (new LocalLogStore(expected.Table), expected.Root.GetProperty("lastDataChange"));
        var listing = await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadPartitions();
        listing.History.FromCommit.ShouldBe(NumberOf(last, "fromCommit"));
        var history = await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadHistory();
        (history.FromCommit, history.UnknownPartition).ShouldBe((listing.History.FromCommit, listing.History.UnknownPartition));
        history.LastDataChanges.ShouldBe(listing.History.LastDataChanges, ignoreOrder: true);
        (listing.History.UnknownPartition?.Version).ShouldBe(NumberOf(last, "unknownPartitionLastDataChange"));
        var before = listing.History.FromCommit is null ? null : await TryReadMapping(log, NewestCommit(expected) - 1);
        listing.Named(before).Select(named => Line(
            named.Name,
            listing.LastDataChangeOf(named.Partition)?.Version,
            listing.LastDataChangeOf(named.Partition) is null ? listing.UnknownUpTo : null,
            listing.SummaryOf(named.Partition).ActiveFiles)).ShouldBe(last.GetProperty("partitions").EnumerateArray().Select(Line));
    }

    private static long NewestCommit(ExpectedTable expected) => expected.Root.GetProperty("commits").EnumerateArray().Last().GetProperty("version").GetInt64();

    private static async Task<ColumnMapping?> TryReadMapping(LocalLogStore log, long version)
    {
        try
        {
            return (await LogDefinition.Read(log, version)).Mapping;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    private static string Line(JsonElement partition) => Line(
        partition.GetProperty("partition").EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString())),
        NumberOf(partition, "lastDataChange"),
        NumberOf(partition, "atOrBefore"),
        (int)partition.GetProperty("activeFiles").GetInt64());

    private static string Line(IEnumerable<KeyValuePair<string, string?>> name, long? version, long? atOrBefore, int files) =>
        $"{string.Join('/', name.Select(pair => $"{pair.Key}={pair.Value ?? "<null>"}"))}: last {version}, at or before {atOrBefore}, files {files}";

    private static long? NumberOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;
}

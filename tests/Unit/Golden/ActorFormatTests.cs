using System.Text.Json;
using System.Text.Json.Nodes;
using Latecomer.Actors;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Actors;
using Latecomer.Tests.Unit.Rules;

namespace Latecomer.Tests.Unit.Golden;

/// <summary>What actors store is read for ever. A file here holds every message, entry and state of a kind as it was first written: it may grow, and
/// what stands in it may not change. <c>LATECOMER_WRITE_GOLDEN=1</c> adds what is missing.</summary>
public sealed class ActorFormatTests
{
    private static readonly JsonSerializerOptions Indented = new(DurableJson.Options) { WriteIndented = true };

    public static TheoryData<string, Type> Formats()
    {
        var data = new TheoryData<string, Type>
        {
            { "Partition.messages", typeof(PartitionMessage) }, { "Partition.entries", typeof(PartitionEntry) }, { "Partition.state", typeof(PartitionState) },
            { "Pipeline.messages", typeof(PipelineMessage) }, { "Pipeline.entries", typeof(PipelineEntry) }, { "Pipeline.state", typeof(PipelineState) },
            { "Marking.messages", typeof(MarkingMessage) }, { "Marking.entries", typeof(MarkingEntry) }, { "Marking.state", typeof(MarkingState) },
            { "Backfill.messages", typeof(BackfillMessage) }, { "Backfill.entries", typeof(BackfillEntry) }, { "Backfill.state", typeof(BackfillState) },
            { "DeltaLogWatcher.messages", typeof(WatcherMessage) }, { "DeltaLogWatcher.entries", typeof(WatcherEntry) }, { "DeltaLogWatcher.state", typeof(WatcherState) },
            { "ConfigurationFolder.messages", typeof(ConfigurationFolderMessage) }, { "ConfigurationFolder.entries", typeof(ConfigurationFolderEntry) },
            { "ConfigurationFolder.state", typeof(ConfigurationFolderState) },
            { "Access.messages", typeof(AccessMessage) }, { "Access.entries", typeof(AccessEntry) }, { "Access.state", typeof(AccessState) },
            { "Audit.messages", typeof(AuditMessage) }, { "Audit.entries", typeof(AuditEntry) }, { "Audit.state", typeof(AuditState) },
        };
        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_was_ever_written_is_read_and_means_the_same(string name, Type type)
    {
        var path = Path.Combine(Repository.Root, "tests", "Unit", "Golden", "Actors", $"{name}.json");
        var golden = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        var members = type.IsAbstract ? type.GetNestedTypes().Where(t => t.IsSubclassOf(type)).ToArray() : [type];
        foreach (var member in members.Where(m => !golden.ContainsKey(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            Environment.GetEnvironmentVariable("LATECOMER_WRITE_GOLDEN").ShouldBe("1", $"{name}.json lacks {member.Name}; run once with LATECOMER_WRITE_GOLDEN=1 and commit the file");
            golden[member.Name] = JsonSerializer.SerializeToNode(SampleOf.Type(member), member, DurableJson.Options);
            File.WriteAllText(path, golden.ToJsonString(Indented) + "\n");
        }

        foreach (var (key, written) in golden)
        {
            var member = members.SingleOrDefault(m => m.Name == key);
            member.ShouldNotBeNull($"{name}.json holds a {key} that this build no longer knows");
            var read = JsonSerializer.Deserialize(written, member, DurableJson.Options).ShouldNotBeNull();
            var again = JsonSerializer.SerializeToNode(read, member, DurableJson.Options);
            JsonNode.DeepEquals(again, written).ShouldBeTrue($"{key} was\n{written}\nand is now written\n{again}");
        }
    }
}

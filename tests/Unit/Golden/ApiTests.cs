using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Latecomer.Tests.Unit.Rules;

namespace Latecomer.Tests.Unit.Golden;

/// <summary>What was published of <c>latecomer.v1</c> stays: whoever was built against it goes on working. The file holds what was published, and
/// <c>LATECOMER_WRITE_GOLDEN=1</c> adds to it what is new.</summary>
public sealed class ApiTests
{
    private static readonly Regex Declaration = new(
        @"^\s*(?:(?:service|message|enum|rpc|oneof)\s+\w+|(?:repeated\s+|optional\s+)?(?:[\w.]+|map<.*>)\s+\w+\s*=\s*\d+|[A-Z][A-Z0-9_]*\s*=\s*\d+)",
        RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    [Fact]
    public void What_was_published_stays_as_it_was() => ApiChanges.Breaking(PublishedApi.Published(), PublishedApi.Compiled()).ShouldBeEmpty(
        $"Clients were built against {PublishedApi.File}. Put back what is gone or changed, and give what is new a name and a number of its own.");

    [Fact]
    public void What_is_compiled_is_published()
    {
        var compiled = PublishedApi.Write(PublishedApi.Compiled());
        if (compiled != File.ReadAllText(PublishedApi.Path))
        {
            ApiChanges.Breaking(PublishedApi.Published(), PublishedApi.Compiled()).ShouldBeEmpty();
            Environment.GetEnvironmentVariable("LATECOMER_WRITE_GOLDEN").ShouldBe(
                "1", $"The protos say more than {PublishedApi.File}. Run once with LATECOMER_WRITE_GOLDEN=1, look at the difference, and commit the file.");
            File.WriteAllText(PublishedApi.Path, compiled);
        }
    }

    [Fact]
    public void The_file_says_all_that_the_descriptors_say() => PublishedApi.Read(PublishedApi.Write(PublishedApi.Compiled())).ShouldBe(PublishedApi.Compiled());

    [Fact]
    public void The_file_is_made_of_all_protos() => PublishedApi.Files.ShouldBe(
        Repository.Files("src/Contracts/Protos", ".proto").Select(f => Path.GetRelativePath("src/Contracts/Protos", f)), ignoreOrder: true);

    [Fact]
    public void Additions_break_nobody() => Breaking(set =>
    {
        Runs(set).MessageType.Add(new DescriptorProto { Name = "New" });
        Field(set, "Run", "state").Type.ShouldBe(FieldDescriptorProto.Types.Type.Enum);
        Message(set, "Run").Field.Add(new FieldDescriptorProto { Name = "new", Number = 1000 });
        Runs(set).EnumType[0].Value.Add(new EnumValueDescriptorProto { Name = "NEW", Number = 1000 });
        Runs(set).Service[0].Method.Add(new MethodDescriptorProto { Name = "New" });
    }).ShouldBeEmpty();

    [Fact]
    public void A_field_that_is_removed_breaks() =>
        Breaking(set => Message(set, "Run").Field.Remove(Field(set, "Run", "state"))).ShouldBe(["field latecomer.v1.Run.state is gone."]);

    [Fact]
    public void A_field_that_is_renumbered_breaks() =>
        Breaking(set => Field(set, "Run", "hold_number").Number = 99).ShouldBe(["field latecomer.v1.Run.hold_number was 'int64 = 7' and is 'int64 = 99'."]);

    [Fact]
    public void A_field_that_is_retyped_breaks()
    {
        Breaking(set => Field(set, "Run", "hold_number").Type = FieldDescriptorProto.Types.Type.String).ShouldHaveSingleItem().ShouldContain("is 'string = 7");
        Breaking(set => Field(set, "Run", "run_id").Label = FieldDescriptorProto.Types.Label.Repeated).ShouldHaveSingleItem().ShouldContain("is 'repeated string = 2");
    }

    [Fact]
    public void Whatever_else_is_removed_or_changed_breaks()
    {
        Breaking(set => Runs(set).MessageType.Remove(Message(set, "RunChange"))).ShouldContain("message latecomer.v1.RunChange is gone.");
        Breaking(set => Runs(set).EnumType.Single(e => e.Name == "RunState").Value.RemoveAt(1)).ShouldBe(["value latecomer.v1.RunState.RUN_STATE_QUEUED is gone."]);
        Breaking(set => Runs(set).EnumType.Single(e => e.Name == "RunState").Value[1].Number = 77).ShouldHaveSingleItem().ShouldContain("was '1' and is '77'");
        Breaking(set => Method(set, "List").Name = "Enumerate").ShouldBe(["method latecomer.v1.Runs.List is gone."]);
        Breaking(set => Method(set, "List").ServerStreaming = true).ShouldHaveSingleItem().ShouldContain("returns stream latecomer.v1.ListRunsResponse");
        Breaking(set => Runs(set).Package = "latecomer.v2").ShouldContain("service latecomer.v1.Runs is gone.");
    }

    [Fact]
    public void Everything_in_the_protos_has_a_comment()
    {
        var bare = from file in PublishedApi.Files
                   let lines = Repository.Lines(Path.Combine("src/Contracts/Protos", file))
                   from number in Enumerable.Range(1, lines.Length - 1)
                   where Declaration.IsMatch(lines[number]) && !lines[number - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)
                   select $"{file}:{number + 1}: {lines[number].Trim()}";
        bare.ShouldBeEmpty("whoever reads the API reads these lines: say above each what it is");
    }

    [Fact]
    public void All_declarations_are_looked_at()
    {
        var set = PublishedApi.Compiled();
        var ours = set.File.Where(f => PublishedApi.Files.Contains(f.Name)).ToList();
        var declared = ours.Sum(f => f.MessageType.Sum(Declared) + f.EnumType.Sum(e => 1 + e.Value.Count) + f.Service.Sum(s => 1 + s.Method.Count));
        PublishedApi.Files.Sum(f => Repository.Lines(Path.Combine("src/Contracts/Protos", f)).Count(line => Declaration.IsMatch(line))).ShouldBe(declared);
    }

    private static int Declared(DescriptorProto message) =>
        message.Options is { MapEntry: true } ? 0
        : 1 + message.Field.Count + message.OneofDecl.Count(o => !o.Name.StartsWith('_')) + message.NestedType.Sum(Declared) + message.EnumType.Sum(e => 1 + e.Value.Count);

    private static List<string> Breaking(Action<FileDescriptorSet> change)
    {
        var now = PublishedApi.Compiled();
        change(now);
        return [.. ApiChanges.Breaking(PublishedApi.Compiled(), now)];
    }

    private static FileDescriptorProto Runs(FileDescriptorSet set) => set.File.Single(f => f.Name == "latecomer/v1/runs.proto");

    private static DescriptorProto Message(FileDescriptorSet set, string name) => Runs(set).MessageType.Single(m => m.Name == name);

    private static FieldDescriptorProto Field(FileDescriptorSet set, string message, string name) => Message(set, message).Field.Single(f => f.Name == name);

    private static MethodDescriptorProto Method(FileDescriptorSet set, string name) => Runs(set).Service[0].Method.Single(m => m.Name == name);
}

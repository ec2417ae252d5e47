using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>The direction of dependencies: who may reference whom.</summary>
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Parquet"] = [],
        ["DeltaLog"] = ["Parquet"],
        ["Runtime"] = [],
        ["Runtime.Sqlite"] = ["Runtime"],
        ["Runtime.Postgres"] = ["Runtime"],
        ["Actors"] = ["Contracts", "Runtime"],
        ["Activities"] = ["Actors", "DeltaLog", "Parquet", "Kubernetes"],
        ["Grpc"] = [],
        ["Kubernetes"] = [],
        ["Node"] = ["Contracts", "Parquet", "DeltaLog", "Runtime", "Runtime.Sqlite", "Runtime.Postgres", "Actors", "Activities", "Grpc", "Kubernetes"],
    };

    /// <summary>What stays out of a project though nothing of ours stands between: SQL out of the runtime, packages out of formats.</summary>
    private static readonly Dictionary<string, string[]> MayUsePackages = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Parquet"] = [],
        ["DeltaLog"] = [],
        ["Runtime"] = [],
        ["Actors"] = [],
        ["Grpc"] = ["Google.Protobuf", "Grpc.Tools"],
        ["Kubernetes"] = [],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        MayReference.ShouldContainKey(project, "a new project needs its row in the table");
        References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(MayReference[project])
            .ShouldBeEmpty($"src/{project} references what it may not");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void What_is_compiled_uses_only_what_the_table_allows(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var metadata = file.GetMetadataReader();
        metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
            .Where(name => name.StartsWith("Latecomer.", StringComparison.Ordinal)).Select(name => name["Latecomer.".Length..])
            .Except(Reachable(project)).ShouldBeEmpty($"{project}'s assembly uses what it may not");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_that_is_to_stay_free_of_packages_is(string project)
    {
        if (MayUsePackages.TryGetValue(project, out var allowed))
        {
            References(project, "PackageReference").Except(allowed).ShouldBeEmpty($"src/{project} uses a package that it may not");
        }
    }

    [Fact]
    public void The_api_is_compiled_in_the_node_alone() =>
        Repository.Projects().Where(p => Repository.Project(p).Descendants("Protobuf").Any()).Except(["Node", "Grpc"]).ShouldBeEmpty();

    private static IEnumerable<string> References(string project, string element) => Repository.Project(project).Descendants(element)
        .Select(e => (string?)e.Attribute("Include")).OfType<string>().Select(i => i.Replace('\\', '/'));

    private static HashSet<string> Reachable(string project) =>
        [.. MayReference[project], .. MayReference[project].SelectMany(Reachable)];
}

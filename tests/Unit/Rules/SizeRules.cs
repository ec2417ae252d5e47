using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>Files and methods stay small enough to be read at once.</summary>
public sealed class SizeRules
{
    private const int LinesPerFile = 300;
    private const int LinesPerMethod = 50;

    public static TheoryData<string> Projects => [.. Repository.Projects()];

    [Fact]
    public void No_file_is_longer_than_300_lines() =>
        new[] { "src", "tests" }.SelectMany(folder => Repository.Files(folder, ".cs"))
            .Select(file => (File: file, Lines: Repository.Lines(file).Length)).Where(f => f.Lines > LinesPerFile)
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_method_is_longer_than_50_lines(string project)
    {
        using var assembly = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(Repository.AssemblyOf(project), ".pdb")));
        var (metadata, debug) = (assembly.GetMetadataReader(), symbols.GetMetadataReader());
        metadata.MethodDefinitions.Select(m => (Name: NameOf(metadata, m), Lines: LinesOf(debug, m)))
            .Where(m => m.Lines > LinesPerMethod && m.Name is not (".ctor" or ".cctor")).ShouldBeEmpty();
    }

    /// <summary>From its first statement to its last. Constructors run the initialisers of fields, wherever those stand, and are left
    /// to the analyzer; so is what a generator wrote.</summary>
    private static int LinesOf(MetadataReader debug, MethodDefinitionHandle method)
    {
        var information = debug.GetMethodDebugInformation(method.ToDebugInformationHandle());
        if (information.Document.IsNil || IsGenerated(debug.GetString(debug.GetDocument(information.Document).Name)))
        {
            return 0;
        }

        var points = information.GetSequencePoints().Where(p => !p.IsHidden).ToList();
        return points.Count == 0 ? 0 : points.Max(p => p.EndLine) - points.Min(p => p.StartLine) + 1;
    }

    private static bool IsGenerated(string path) =>
        path.EndsWith(".g.cs", StringComparison.Ordinal) || path.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal);

    private static string NameOf(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        var name = metadata.GetString(method.Name);
        return name is ".ctor" or ".cctor" ? name : $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{name}";
    }
}

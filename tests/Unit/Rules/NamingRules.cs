using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>Names say what a thing is, and the production code knows no user's table.</summary>
public sealed class NamingRules
{
    private static readonly Regex OfOneUser = new(@"\bdevices\b|\bevent_time\b|2024|devices_", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    private static readonly Regex Comment = new(@"^\s*//.*$|\s//\s.*$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    private static readonly Regex SaysNothing = new("(Manager|Helper|Helpers|Utils|Util|Utilities)(`[0-9]+)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
    private static readonly Regex Suppression = new("#pragma warning disable|SuppressMessage\\(|<NoWarn>", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    // Spelled in parts so that this file keeps its own rule.
    private static readonly Regex OfOneMachine = new(string.Join('|', ["/" + "work/", "/" + "home/[a-z]+/", "/" + "Users/[A-Za-z]+/", "/" + "root/", @"[A-Z]:\\" + "Users"]),
        RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    public static TheoryData<string> Projects => [.. Repository.Projects()];

    [Fact]
    public void Production_code_outside_the_demo_names_no_table_column_or_year_of_it() =>
        Found(Repository.Files("src", ".cs").Where(f => !IsOfTheDemo(f)), line => OfOneUser.IsMatch(Comment.Replace(line, ""))).ShouldBeEmpty();

    [Fact]
    public void No_file_names_a_path_of_one_machine() =>
        Found(Repository.Files("").Where(IsText), OfOneMachine.IsMatch).ShouldBeEmpty();

    [Fact]
    public void Each_suppression_carries_its_reason() =>
        Found(Repository.Files("src", ".cs", ".csproj"), line => Suppression.IsMatch(line)
            && !line.Contains(" // ", StringComparison.Ordinal) && !line.Contains("Justification", StringComparison.Ordinal) && !line.Contains("<!--", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_type_has_a_name_that_says_nothing(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var metadata = file.GetMetadataReader();
        metadata.TypeDefinitions.Select(t => metadata.GetString(metadata.GetTypeDefinition(t).Name)).Where(name => SaysNothing.IsMatch(name)).ShouldBeEmpty();
    }

    private static bool IsOfTheDemo(string file) =>
        file.Replace('\\', '/') is var path
        && (path.StartsWith("src/Node/Devices/", StringComparison.Ordinal) || path.StartsWith("src/Node/Demo/", StringComparison.Ordinal));

    private static bool IsText(string file) => Path.GetExtension(file)
        is ".cs" or ".csproj" or ".props" or ".slnx" or ".json" or ".md" or ".yaml" or ".yml" or ".proto" or ".sh" or ".mjs" or ".sql" or "";

    private static IEnumerable<string> Found(IEnumerable<string> files, Func<string, bool> breaks) =>
        files.SelectMany(file => Repository.Lines(file).Select((line, i) => (Where: $"{file}:{i + 1}: {line.Trim()}", Line: line)))
            .Where(l => breaks(l.Line)).Select(l => l.Where);
}

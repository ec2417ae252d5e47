using System.Xml.Linq;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Rules;

/// <summary>The checkout that the tests were built from, as files.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git", "TestResults", "latecomer-data", "latecomer-cluster"];

    public static string Root => Checkout.Root;

    /// <summary>Files below a folder of the checkout whose names end so, without build output; relative to the root.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Walk(Path.Combine(Root, folder))
            .Where(file => endings.Length == 0 || endings.Any(e => file.EndsWith(e, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal);

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static IEnumerable<string> Projects() => Files("src", ".csproj").Select(p => Path.GetFileNameWithoutExtension(p));

    public static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", name, $"{name}.csproj"));

    /// <summary>The assembly that a project of src builds, beside the tests.</summary>
    public static string AssemblyOf(string project) =>
        Path.Combine(AppContext.BaseDirectory, project == "Node" ? "latecomer.dll" : $"Latecomer.{project}.dll");

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !NotOurs.Contains(Path.GetFileName(d))).SelectMany(Walk));
}

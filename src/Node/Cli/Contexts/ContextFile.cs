using Latecomer.Node.Pipelines;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Latecomer.Node.Cli;

/// <summary>The client's contexts, and which of them is current: a YAML file that only its owner reads, for it may hold tokens.</summary>
/// <param name="Path">The file; it need not exist.</param>
/// <param name="Current">The name of the current context; null if none is.</param>
/// <param name="Contexts">All contexts, in the order of their names.</param>
internal sealed record ContextFile(string Path, string? Current, IReadOnlyList<ClientContext> Contexts)
{
    /// <summary>Names the file; not <c>LATECOMER_CONFIG</c>, which names that of a node.</summary>
    public const string Variable = "LATECOMER_CLIENT_CONFIG";

    private const string CurrentKey = "current-context";
    private const string ContextsKey = "contexts";
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private static readonly string[] Keys = ["server", "token", "ca"];

    /// <summary>Reads the file of whoever runs this; without one there are no contexts.</summary>
    /// <exception cref="Refusal">It is none of ours.</exception>
    public static ContextFile Read(Func<string, string?> environment) => Read(PathOf(environment));

    /// <summary>Reads a file.</summary>
    /// <exception cref="Refusal">It is none of ours.</exception>
    public static ContextFile Read(string path)
    {
        if (!File.Exists(path) || YamlText.Root(File.ReadAllText(path), path, "a file of contexts") is not { } root)
        {
            return new ContextFile(path, Current: null, []);
        }

        var file = new YamlSection(path, "a file of contexts", root, CurrentKey, ContextsKey);
        var contexts = file.Find(ContextsKey) switch
        {
            null => [],
            YamlMappingNode all => all.Children.Select(c => Read(path, c.Key, c.Value)).OrderBy(c => c.Name, StringComparer.Ordinal).ToList(),
            { } other => throw file.At(other, $"'{ContextsKey}' is written as names and contexts"),
        };
        return new ContextFile(path, file.Text(CurrentKey, text => (string?)text, otherwise: null), contexts);
    }

    /// <summary>Whether it holds a secret.</summary>
    public bool HasTokens => Contexts.Any(c => c.Token is not null);

    /// <summary>Whether others than its owner may read it.</summary>
    public bool IsOpenToOthers => !OperatingSystem.IsWindows() && File.Exists(Path) && (File.GetUnixFileMode(Path) & ~OwnersFolder) != UnixFileMode.None;

    /// <summary>The context of a name.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public ClientContext Get(string name) => Contexts.FirstOrDefault(c => c.Name == name) ?? throw new Refusal(
        ExitCode.Usage,
        $"There is no context '{name}' in {Path}: {(Contexts.Count == 0 ? "make one with 'latecomer context set NAME --server ADDRESS'" : $"choose {string.Join(", ", Contexts.Select(c => c.Name))}")}.");

    /// <summary>With a context, in the place of one of that name.</summary>
    public ContextFile With(ClientContext context) =>
        this with { Contexts = [.. Contexts.Where(c => c.Name != context.Name).Append(context).OrderBy(c => c.Name, StringComparer.Ordinal)] };

    /// <summary>Without a context.</summary>
    public ContextFile Without(string name) =>
        this with { Contexts = [.. Contexts.Where(c => c.Name != name)], Current = Current == name ? null : Current };

    /// <summary>Writes it: whole or not at all, and for its owner alone from the first byte on.</summary>
    public void Write()
    {
        // Who links his configuration to elsewhere keeps the link.
        var target = (File.Exists(Path) ? File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName : null) ?? System.IO.Path.GetFullPath(Path);
        var folder = System.IO.Path.GetDirectoryName(target)!;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnersFolder);
            options.UnixCreateMode = OwnersFile;
        }

        var unfinished = $"{target}.{Environment.ProcessId}.unfinished";
        File.Delete(unfinished);
        using (var writer = new StreamWriter(unfinished, options))
        {
            new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(writer, Document());
        }

        File.Move(unfinished, target, overwrite: true);
    }

    private static string PathOf(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        var home = environment("XDG_CONFIG_HOME") is { Length: > 0 } folder && System.IO.Path.IsPathRooted(folder)
            ? folder
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return System.IO.Path.Combine(home, "latecomer", "config.yaml");
    }

    private static ClientContext Read(string path, YamlNode name, YamlNode value)
    {
        var context = new YamlSection(path, $"context '{name}'", value, Keys);
        return new ClientContext(
            $"{name}",
            context.Text(Keys[0], ServerAddress.Parse),
            context.Text(Keys[1], text => (string?)text, otherwise: null),
            context.Text(Keys[2], text => (string?)text, otherwise: null));
    }

    private Dictionary<string, object> Document()
    {
        var document = new Dictionary<string, object>(StringComparer.Ordinal);
        if (Current is not null)
        {
            document[CurrentKey] = Current;
        }

        document[ContextsKey] = Contexts.ToDictionary(c => c.Name, Values, StringComparer.Ordinal);
        return document;
    }

    private static Dictionary<string, string> Values(ClientContext context) =>
        Keys.Zip([ServerAddress.Text(context.Server), context.Token, context.Ca]).Where(v => v.Second is not null).ToDictionary(v => v.First, v => v.Second!, StringComparer.Ordinal);
}

using System.Collections.Immutable;
using System.Globalization;
using Latecomer.Node.Cli;
using YamlDotNet.RepresentationModel;

namespace Latecomer.Node.Pipelines;

/// <summary>A mapping of a YAML file whose keys are all known: what is misspelt is an error, never ignored. Every error names file, line
/// and column.</summary>
internal sealed class YamlSection
{
    private readonly string _file;
    private readonly string _name;
    private readonly YamlMappingNode _node;

    /// <summary>Takes <paramref name="node"/> as the section that people know as <paramref name="name"/>.</summary>
    /// <exception cref="Refusal">It is no mapping, or has a key that is not in <paramref name="known"/>.</exception>
    public YamlSection(string file, string name, YamlNode node, params string[] known)
    {
        _file = file;
        _name = name;
        _node = node as YamlMappingNode ?? throw At(node, $"{name} is written as keys and values");
        foreach (var key in _node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } text } || !known.Contains(text))
            {
                throw At(key, $"{name} has no key '{key}'; it has {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>The keys that are there.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.Cast<YamlScalarNode>().Select(k => k.Value!);

    /// <summary>The value of a key; null if it is not there.</summary>
    public YamlNode? Find(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>The value of a key that must be there.</summary>
    public YamlNode Get(string key) => Find(key) ?? throw At(_node, $"{_name} needs '{key}'");

    /// <summary>What <paramref name="read"/> makes of the text of a key that must be there.</summary>
    public T Text<T>(string key, Func<string, T> read) => Read(key, Get(key), read);

    /// <summary>What <paramref name="read"/> makes of the text of a key; <paramref name="otherwise"/> if it is not there.</summary>
    public T Text<T>(string key, Func<string, T> read, T otherwise) => Find(key) is { } node ? Read(key, node, read) : otherwise;

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A whole number.</summary>
    public long Number(string key, long otherwise) => Text(
        key,
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is no whole number."),
        otherwise);

    /// <summary>A list of texts.</summary>
    public ImmutableArray<string> Texts(string key) => [.. Items(key).Select(item => Read(key, item, text => text))];

    /// <summary>A list that must be there and not be empty.</summary>
    public IReadOnlyList<YamlNode> Items(string key) => Get(key) is YamlSequenceNode { Children.Count: > 0 } list
        ? [.. list.Children]
        : throw At(Get(key), $"'{key}' is a list with at least one item");

    /// <summary>Texts by name; empty if the key is not there.</summary>
    public ImmutableSortedDictionary<string, string> Map(string key) => Find(key) switch
    {
        null => ImmutableSortedDictionary<string, string>.Empty,
        YamlMappingNode map => map.Children.ToImmutableSortedDictionary(
            e => Read(key, e.Key, text => text), e => Read(key, e.Value, text => text), StringComparer.Ordinal),
        { } other => throw At(other, $"'{key}' is written as names and values"),
    };

    /// <summary>An error at the place of a key, or of the section when the key is not there.</summary>
    public Refusal At(string? key, string sentence) => At((key is null ? null : Find(key)) ?? _node, sentence);

    /// <summary>An error at a place.</summary>
    public Refusal At(YamlNode node, string sentence) => Fault(_file, node.Start.Line, node.Start.Column, sentence);

    /// <summary>An error at a place of a file.</summary>
    public static Refusal Fault(string file, long line, long column, string sentence) =>
        new(ExitCode.Usage, $"{file}:{line}:{column}: {sentence.TrimEnd('.')}.");

    private T Read<T>(string key, YamlNode node, Func<string, T> read)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text })
        {
            throw At(node, $"'{key}' is a single value, and not empty");
        }

        try
        {
            return read(text);
        }
        catch (FormatException e)
        {
            throw At(node, $"'{key}': {e.Message}");
        }
    }
}

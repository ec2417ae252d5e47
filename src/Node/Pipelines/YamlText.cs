using Latecomer.Node.Cli;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Latecomer.Node.Pipelines;

/// <summary>YAML as text.</summary>
internal static class YamlText
{
    /// <summary>Its only document; null if there is none, as in a text of comments.</summary>
    /// <exception cref="Refusal">It is no YAML, or several documents.</exception>
    public static YamlNode? Root(string text, string file, string what)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count <= 1
                ? stream.Documents.FirstOrDefault()?.RootNode
                : throw YamlSection.Fault(file, 1, 1, $"{what} holds one YAML document, not {stream.Documents.Count}");
        }
        catch (YamlException e)
        {
            throw YamlSection.Fault(file, e.Start.Line, e.Start.Column, $"not YAML: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (InvalidOperationException)
        {
            // What the parser throws when a text ends within a list or a mapping; it does not say where.
            throw YamlSection.Fault(file, 1, 1, "not YAML: a list or a mapping in it is not closed");
        }
    }
}

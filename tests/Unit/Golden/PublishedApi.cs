using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Unit.Rules;

namespace Latecomer.Tests.Unit.Golden;

/// <summary>The descriptors of <c>latecomer.v1</c>: as they are compiled, and as they were published in a file, a FileDescriptorSet as JSON whose lines are
/// about one field or method each.</summary>
internal static class PublishedApi
{
    public const string File = "src/Contracts/Protos/latecomer.v1.descriptor.json";

    private const int Width = 160;
    private const int Indent = 2;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly FileDescriptor[] Ours =
    [
        BackfillsReflection.Descriptor, ClusterReflection.Descriptor, PartitionsReflection.Descriptor, PipelinesReflection.Descriptor, RunsReflection.Descriptor,
        TablesReflection.Descriptor, TokensReflection.Descriptor,
    ];

    public static string Path => System.IO.Path.Combine(Repository.Root, File);

    /// <summary>The names of the files that it is made of, relative to the folder of the protos.</summary>
    public static IEnumerable<string> Files => Ours.Select(f => f.Name);

    /// <summary>What is compiled into the program, with all that it imports.</summary>
    public static FileDescriptorSet Compiled()
    {
        var set = new FileDescriptorSet();
        set.File.AddRange(Ours.SelectMany(f => f.Dependencies.Append(f)).DistinctBy(f => f.Name).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => f.ToProto()));
        return set;
    }

    public static FileDescriptorSet Published() => Read(System.IO.File.ReadAllText(Path));

    public static FileDescriptorSet Read(string text) => JsonParser.Default.Parse<FileDescriptorSet>(text);

    public static string Write(FileDescriptorSet set)
    {
        var text = new StringBuilder();
        Write(text, JsonNode.Parse(JsonFormatter.Default.Format(set))!, 0);
        return text.Append('\n').ToString();
    }

    // Whatever fits into a line stands in one.
    private static void Write(StringBuilder text, JsonNode node, int indent)
    {
        if (node.ToJsonString(Readable) is var line && (line.Length <= Width - indent || node is JsonValue))
        {
            text.Append(line);
            return;
        }

        var isObject = node is JsonObject;
        text.Append(isObject ? '{' : '[');
        var separator = "\n";
        foreach (var (name, value) in isObject ? node.AsObject() : node.AsArray().Select(item => KeyValuePair.Create("", item)))
        {
            text.Append(separator).Append(' ', indent + Indent);
            text.Append(isObject ? $"\"{name}\": " : "");
            Write(text, value!, indent + Indent);
            separator = ",\n";
        }

        text.Append('\n').Append(' ', indent).Append(isObject ? '}' : ']');
    }
}

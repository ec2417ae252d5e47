using Latecomer.Node.Cli;

namespace Latecomer.Tests.Unit.Node.Cli;

/// <summary>JSON as YAML.</summary>
public sealed class YamlOutputTests
{
    [Fact]
    public void Text_stays_text_also_where_it_reads_like_something_else()
    {
        Yaml("""{"a": "true", "b": "12", "c": "no", "d": "", "e": "null", "f": "2024-01-02", "g": "x: y", "h": "two\nlines"}""").ShouldBe("""
            a: "true"
            b: "12"
            c: "no"
            d: ""
            e: "null"
            f: 2024-01-02
            g: 'x: y'
            h: >-
              two

              lines

            """);
    }

    [Fact]
    public void Numbers_flags_lists_and_nothing_keep_their_kinds() =>
        Yaml("""{"count": 12, "r": 1.5, "t": true, "z": null, "l": [1, {"x": 2}], "e": []}""").Replace(": \n", ":\n", StringComparison.Ordinal).ShouldBe("count: 12\nr: 1.5\nt: true\nz:\nl:\n- 1\n- x: 2\ne: []\n");

    [Fact]
    public void Lines_of_json_are_documents() => Yaml("{\"a\": 1}\n{\"a\": 2}\n").ShouldBe("---\na: 1\n---\na: 2\n");

    private static string Yaml(string json)
    {
        using var text = new StringWriter { NewLine = "\n" };
        YamlOutput.Write(json, text);
        return text.ToString();
    }
}

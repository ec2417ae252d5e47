using System.Buffers;

namespace Latecomer.Tests.Fuzz;

/// <summary>What a token is.</summary>
internal enum JsonTokenKind
{
    Open,
    Close,
    Comma,
    Colon,
    Name,
    Text,
    Other,
}

/// <summary>A token, by where it lies.</summary>
internal readonly record struct JsonToken(JsonTokenKind Kind, int Start, int End);

/// <summary>The tokens of JSON lines, sound or not: found by looking, not by parsing.</summary>
internal static class JsonTokens
{
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n,:{}[]\""u8);

    public static List<JsonToken> Of(ReadOnlySpan<byte> json)
    {
        var tokens = new List<JsonToken>();
        for (var at = 0; at < json.Length;)
        {
            var start = at;
            switch (json[at])
            {
                case (byte)'{' or (byte)'[':
                    tokens.Add(new(JsonTokenKind.Open, start, ++at));
                    break;
                case (byte)'}' or (byte)']':
                    tokens.Add(new(JsonTokenKind.Close, start, ++at));
                    break;
                case (byte)',':
                    tokens.Add(new(JsonTokenKind.Comma, start, ++at));
                    break;
                case (byte)':':
                    tokens.Add(new(JsonTokenKind.Colon, start, ++at));
                    break;
                case (byte)'"':
                    at = EndOfText(json, at);
                    tokens.Add(new(at < json.Length && json[at] == (byte)':' ? JsonTokenKind.Name : JsonTokenKind.Text, start, at));
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    at++;
                    break;
                default:
                    at += Math.Max(1, IndexOfEnd(json[at..]));
                    tokens.Add(new(JsonTokenKind.Other, start, at));
                    break;
            }
        }

        return tokens;
    }

    /// <summary>The last token of the value that begins with a token.</summary>
    public static int EndOfValue(List<JsonToken> tokens, int first)
    {
        var depth = 0;
        for (var at = first; at < tokens.Count; at++)
        {
            depth += tokens[at].Kind switch { JsonTokenKind.Open => 1, JsonTokenKind.Close => -1, _ => 0 };
            if (depth <= 0)
            {
                return at;
            }
        }

        return tokens.Count - 1;
    }

    private static int EndOfText(ReadOnlySpan<byte> json, int start)
    {
        for (var at = start + 1; at < json.Length; at++)
        {
            if (json[at] == (byte)'"')
            {
                return at + 1;
            }

            at += json[at] == (byte)'\\' ? 1 : 0;
        }

        return json.Length;
    }

    private static int IndexOfEnd(ReadOnlySpan<byte> rest) => rest.IndexOfAny(Ends) is >= 0 and var end ? end : rest.Length;
}

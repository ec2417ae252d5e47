using System.Text;

namespace Latecomer.Tests.Fuzz;

/// <summary>Damages JSON lines: fields that are dropped, doubled or of another type, numbers and texts beyond all ends, lines of others, deep nesting, bytes.</summary>
internal static class JsonMutation
{
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-1", "1", "3", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e400", "1.5", "1E2", "-0", "01", "NaN",
            "\"\"", "\"x\"", "{}", "[]", "[[]]", "{\"a\":1}", "[null]", "\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "\"9999-99-99\"", "\"0000-00-00 00:00:00\"", "\"%zz\"", "\"%\"", "\"%00\"", "\"/a/../b\"",
            "\"file:///x\"", "\"s3://b/k\"", "\"add\"", "\"version\"", "\"{\"", "\"decimal(99,99)\"", "\"decimal(38,38)\"", "\"{\\\"numRecords\\\":\\\"x\\\"}\"", "\"{\\\"numRecords\\\":9223372036854775807}\"",
            "\"array\"", "\"map\"", "\"struct\"", "\"name\"", "\"id\"", "\"none\"", "\"v2Checkpoint\"", "\"deletionVectors\"", "\"interval 99999999999 days\"",
            "{\"storageType\":\"i\",\"pathOrInlineDv\":\"x\",\"sizeInBytes\":-1,\"cardinality\":1}", "{\"storageType\":\"u\",\"pathOrInlineDv\":\"ab^-aqEH.-t@S}K{vb[*k^\",\"offset\":4,\"sizeInBytes\":40,\"cardinality\":6}",
            "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"x\"],\"writerFeatures\":[\"x\"]}",
        }.Select(Encoding.UTF8.GetBytes),
        [(byte)'"', 0xC3, 0x28, (byte)'"'], [(byte)'"', 0xFF, (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'], [0],
    ];

    private static readonly byte[][] Separators = [.. new[] { "\n\n", "\r\n", " ", "", "\n{}\n", "\n[]\n", "\nnull\n", "\n{\"add\":null}\n", "\n{\"commitInfo\":{}}\n", "\uFEFF" }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A damaged copy; <paramref name="other"/> lends tokens and lines.</summary>
    public static (byte[] Json, string What) Of(byte[] json, byte[] other, SeededRandom random)
    {
        if (random.Below(12) == 0)
        {
            return (ByteMutation.Of(json, random), "bytes");
        }

        if (random.Below(4) == 0)
        {
            return (JsonLines.Mixed(json, other, random), "lines");
        }

        var tokens = JsonTokens.Of(json);
        return tokens.Count == 0 ? ([(byte)'{'], "an open brace") : OfTokens(json, tokens, other, random);
    }

    private static (byte[] Json, string What) OfTokens(byte[] json, List<JsonToken> tokens, byte[] other, SeededRandom random)
    {
        var at = random.Below(tokens.Count);
        var (first, last) = ValueFrom(tokens, at);
        ReadOnlySpan<byte> value = json.AsSpan(tokens[first].Start..tokens[last].End);
        switch (random.Below(10))
        {
            case 0:
                return (Spliced(json, tokens[at].Start, tokens[at].End, random.Pick(Values)), "token");
            case 1:
                var loan = JsonTokens.Of(other);
                var lent = loan.Count == 0 ? default : random.Pick(loan);
                return (Spliced(json, tokens[at].Start, tokens[at].End, other.AsSpan(lent.Start..lent.End)), "token of another");
            case 2:
                return (Spliced(json, tokens[first].Start, tokens[last].End, random.Pick(Values)), "value");
            case 3:
                return (Spliced(json, tokens[first].Start, tokens[last].End, Nested(value, random)), "value nested");
            case 4:
                return (Spliced(json, tokens[first].Start, tokens[last].End, [.. value, (byte)',', .. value]), "value doubled");
            case 5:
                return (Dropped(json, tokens, at), "field dropped");
            case 6:
                return (Doubled(json, tokens, at, random), "field doubled");
            case 7:
                return (Spliced(json, tokens[at].Start, tokens[at].End, ByteMutation.Of(json.AsSpan(tokens[at].Start..tokens[at].End), random)), "bytes of a token");
            case 8:
                return (Spliced(json, tokens[first].Start, tokens[last].End, Long(random)), "long value");
            default:
                return (Spliced(json, tokens[at].End, tokens[at].End, random.Pick(Separators)), "separator");
        }
    }

    /// <summary>The value that stands at a token or, at what is none, after it.</summary>
    private static (int First, int Last) ValueFrom(List<JsonToken> tokens, int at)
    {
        while (at < tokens.Count - 1 && tokens[at].Kind is JsonTokenKind.Colon or JsonTokenKind.Comma or JsonTokenKind.Close or JsonTokenKind.Name)
        {
            at++;
        }

        return (at, JsonTokens.EndOfValue(tokens, at));
    }

    /// <summary>The next field with the comma behind it, or the one before it.</summary>
    private static byte[] Dropped(byte[] json, List<JsonToken> tokens, int at)
    {
        if (NextField(tokens, at) is not var (name, last))
        {
            return json;
        }

        if (last + 1 < tokens.Count && tokens[last + 1].Kind == JsonTokenKind.Comma)
        {
            return Spliced(json, tokens[name].Start, tokens[last + 1].End, []);
        }

        var before = name > 0 && tokens[name - 1].Kind == JsonTokenKind.Comma ? name - 1 : name;
        return Spliced(json, tokens[before].Start, tokens[last].End, []);
    }

    private static byte[] Doubled(byte[] json, List<JsonToken> tokens, int at, SeededRandom random)
    {
        if (NextField(tokens, at) is not var (name, last))
        {
            return json;
        }

        ReadOnlySpan<byte> field = json.AsSpan(tokens[name].Start..tokens[last].End);
        var again = random.Half() ? field : [.. json.AsSpan(tokens[name].Start..tokens[name].End), (byte)':', .. random.Pick(Values)];
        return random.Half()
            ? Spliced(json, tokens[last].End, tokens[last].End, [(byte)',', .. again])
            : Spliced(json, tokens[name].Start, tokens[name].Start, [.. again, (byte)',']);
    }

    private static (int Name, int Last)? NextField(List<JsonToken> tokens, int at)
    {
        var name = tokens.FindIndex(at, token => token.Kind == JsonTokenKind.Name);
        return name < 0 || name + 2 >= tokens.Count ? null : (name, JsonTokens.EndOfValue(tokens, name + 2));
    }

    private static byte[] Nested(ReadOnlySpan<byte> value, SeededRandom random)
    {
        var depth = random.Pick([1, 2, 40, 63, 64, 65, 300, 5_000]);
        var isList = random.Half();
        var open = isList ? "["u8 : "{\"a\":"u8;
        var close = isList ? "]"u8 : "}"u8;
        using var nested = new MemoryStream();
        for (var left = depth; left > 0; left--)
        {
            nested.Write(open);
        }

        nested.Write(value);
        for (var left = depth; left > 0; left--)
        {
            nested.Write(close);
        }

        return nested.ToArray();
    }

    private static byte[] Long(SeededRandom random)
    {
        var length = random.Pick([20, 400, 5_000, 70_000]);
        return Encoding.UTF8.GetBytes(random.Below(4) switch
        {
            0 => new string('9', length),
            1 => $"0.{new string('1', length)}",
            2 => $"\"{new string('x', length)}\"",
            _ => $"\"{string.Concat(Enumerable.Repeat("\\u0041%41", length / 8))}\"",
        });
    }

    private static byte[] Spliced(ReadOnlySpan<byte> json, int start, int end, ReadOnlySpan<byte> with) => [.. json[..start], .. with, .. json[end..]];
}

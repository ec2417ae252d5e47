using System.Text;
using System.Text.RegularExpressions;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Damages the files of a log: tokens of their JSON, their lines, their bytes, their names.</summary>
internal static partial class LogMutation
{
    private static readonly string[] Replacements =
    [
        "null", "true", "0", "-1", "9223372036854775807", "9223372036854775808", "1e400", "1.5", "\"\"", "\"x\"", "{}", "[]", "[[]]", "{\"a\":1}", "\"\\ud800\"", "\"\\u0000\"",
        "", ",", "\"9999-99-99\"", "\"%zz\"", "\"/a/../b\"", "\"file:///x\"", "\"add\"", "\"version\"", "\"{\"", "\"decimal(99,99)\"", "\"{\\\"numRecords\\\":\\\"x\\\"}\"",
        "{\"storageType\":\"i\",\"pathOrInlineDv\":\"x\",\"sizeInBytes\":-1,\"cardinality\":1}", new string('[', 70) + new string(']', 70),
    ];

    private static readonly string[] Versions =
        ["09223372036854775807", "99999999999999999999", "00999999999999999999", "00000000500000000000", "00000000000000000000", "00000000000000000003"];

    /// <summary>Damages one to three files of a store.</summary>
    public static void Apply(PagedLogStore log, Random random)
    {
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var (name, content) = log.Files[random.Next(log.Files.Count)];
            switch (random.Next(12))
            {
                case 0 when log.Files.Count > 1:
                    log.Delete(name);
                    break;
                case 1 when name.Length > 20:
                    log.Replace(Versions[random.Next(Versions.Length)] + name[20..], content);
                    break;
                case 2:
                    log.Replace("_last_checkpoint", Encoding.UTF8.GetBytes($$"""{"version":{{random.NextInt64(-3, long.MaxValue)}}}"""));
                    break;
                default:
                    log.Replace(name, Damaged(content, random, name.EndsWith(".parquet", StringComparison.Ordinal)));
                    break;
            }
        }
    }

    private static byte[] Damaged(byte[] content, Random random, bool isBinary) => (content.Length == 0 || isBinary ? 3 : random.Next(4)) switch
    {
        0 or 1 => OtherToken(Encoding.UTF8.GetString(content), random),
        2 => OtherLines([.. Encoding.UTF8.GetString(content).Split('\n')], random),
        _ => OtherBytes(content, random),
    };

    private static byte[] OtherToken(string json, Random random)
    {
        var tokens = Token().Matches(json);
        if (tokens.Count == 0)
        {
            return [(byte)'{'];
        }

        var token = tokens[random.Next(tokens.Count)];
        var choice = random.Next(Replacements.Length + 1);
        var other = choice < Replacements.Length ? Replacements[choice] : tokens[random.Next(tokens.Count)].Value;
        return Encoding.UTF8.GetBytes(string.Concat(json.AsSpan(0, token.Index), other, json.AsSpan(token.Index + token.Length)));
    }

    private static byte[] OtherLines(List<string> lines, Random random)
    {
        var (one, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(3))
        {
            case 0:
                lines.RemoveAt(one);
                break;
            case 1:
                lines.Insert(one, lines[other]);
                break;
            default:
                lines[one] += lines[other];
                break;
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static byte[] OtherBytes(byte[] content, Random random)
    {
        var at = random.Next(content.Length + 1);
        byte[] added = random.Next(4) switch
        {
            0 => [(byte)random.Next(256)],
            1 => [0xC3, 0x28],
            2 => [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            _ => [],
        };
        return random.Next(8) == 0 ? content[..at] : [.. content[..at], .. added, .. content[Math.Min(content.Length, at + random.Next(6))..]];
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null|[{}\[\],:]
        """, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Token();
}

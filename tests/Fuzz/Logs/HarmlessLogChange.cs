using System.Text;

namespace Latecomer.Tests.Fuzz;

/// <summary>Changes a log so that it means what it meant: how its JSON is written, fields and actions that nobody knows, files that are none of its.</summary>
internal static class HarmlessLogChange
{
    private const int CountedKind = 2;

    private static readonly string[] Strangers =
    [
        "_notes.txt", "zzz", "00000000000000000000.json.tmp", "99999999999999999999.json", "0.json", "00000000000000000001.crc2", "00000000000000000001.checkpoint.parquet.bak",
        "00000000000000000001.checkpoint.0000000002.0000000001.parquet", "_staged_commits/00000000000000000001.x.json", ".hidden.json", "00000000000000000000.JSON",
        "00000000000000000001.checkpoint.not-a-guid.json",
    ];

    /// <summary>Changes a file; says how, and whether an inspection counts what was added.</summary>
    public static (string What, bool IsCounted) Apply(MemoryLog log, SeededRandom random)
    {
        var commits = log.Files.Where(file => LogFiles.IsCommit(file.Key)).ToList();
        if (commits.Count == 0 || random.Below(6) == 0)
        {
            var name = random.Pick(Strangers);
            log.Put(name, Encoding.UTF8.GetBytes("{"));
            return ($"{name} added", IsCounted: false);
        }

        var (commit, content) = random.Pick(commits);
        var lines = JsonLines.Split(content);
        var at = random.Below(lines.Count);
        var kind = random.Below(4);
        var what = kind switch
        {
            0 => Space(lines, at, random),
            1 => AddField(lines, at),
            CountedKind => AddAction(lines, at, random),
            _ => Escape(lines, at, random),
        };
        log.Put(commit, JsonLines.Join(lines));
        return ($"{commit}: {what}", kind == CountedKind);
    }

    private static string Space(List<byte[]> lines, int at, SeededRandom random)
    {
        var tokens = JsonTokens.Of(lines[at]);
        if (tokens.Count > 0)
        {
            var token = random.Pick(tokens);
            lines[at] = [.. lines[at][..token.Start], .. random.Pick([" ", "\t", "   "]).Select(space => (byte)space), .. lines[at][token.Start..]];
        }

        return "space";
    }

    /// <summary>Into the action of a line, which is what the line's only field holds.</summary>
    private static string AddField(List<byte[]> lines, int at)
    {
        var tokens = JsonTokens.Of(lines[at]);
        if (tokens.Count > 5 && tokens[0].Kind == JsonTokenKind.Open && tokens[1].Kind == JsonTokenKind.Name && tokens[3].Kind == JsonTokenKind.Open
            && tokens[4].Kind == JsonTokenKind.Name)
        {
            lines[at] = [.. lines[at][..tokens[3].End], .. "\"notKnown\":{\"add\":[{\"path\":1e999}]},"u8, .. lines[at][tokens[3].End..]];
        }

        return "field that is not known";
    }

    private static string AddAction(List<byte[]> lines, int at, SeededRandom random)
    {
        // Behind the first line only: in-commit timestamps ask for a commitInfo there.
        lines.Insert(Math.Max(1, at), Encoding.UTF8.GetBytes(random.Pick(["{\"notKnown\":{\"path\":\"x\"}}", "{}"])));
        return "action that is not known";
    }

    private static string Escape(List<byte[]> lines, int at, SeededRandom random)
    {
        var texts = JsonTokens.Of(lines[at]).Where(token => token.Kind is JsonTokenKind.Name or JsonTokenKind.Text && token.End - token.Start > 2).ToList();
        if (texts.Count > 0)
        {
            var text = random.Pick(texts);
            var place = text.Start + 1;
            if (lines[at][place] is >= (byte)' ' and < 0x7F and not (byte)'\\' and var letter)
            {
                lines[at] = [.. lines[at][..place], .. Encoding.ASCII.GetBytes($"\\u{(int)letter:x4}"), .. lines[at][(place + 1)..]];
            }
        }

        return "letter escaped";
    }
}

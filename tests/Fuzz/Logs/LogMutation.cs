using System.Text;

namespace Latecomer.Tests.Fuzz;

/// <summary>Damages a log: what its files hold, which files there are, what they are called, and what its hint says.</summary>
internal static class LogMutation
{
    private static readonly string[] Versions =
        ["09223372036854775807", "99999999999999999999", "00999999999999999999", "01000000000000000000", "00000000500000000000", "00000000000000000000", "00000000000000000001", "00000000000000000003"];

    private static readonly string[] Endings =
    [
        ".json", ".checkpoint.parquet", ".checkpoint.0000000001.0000000001.parquet", ".checkpoint.0000000001.0000000002.parquet", ".checkpoint.0000000002.0000000002.parquet",
        ".checkpoint.0000000001.2147483647.parquet", ".checkpoint.0000000000.0000000000.parquet", ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
        ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", ".00000000000000000003.compacted.json", ".00999999999999999999.compacted.json", ".crc", "",
    ];

    /// <summary>Damages files of a log, those that <paramref name="isTarget"/> picks out mostly; says which, and what was done.</summary>
    public static (string What, HashSet<string> Changed) Apply(MemoryLog log, LogCorpus corpus, Func<string, bool> isTarget, SeededRandom random)
    {
        var said = new List<string>();
        var changed = new HashSet<string>(StringComparer.Ordinal);
        for (var left = Math.Max(1, random.Below(5) - 1); left > 0 && log.Count > 0; left--)
        {
            var targets = log.Files.Select(file => file.Key).Where(isTarget).ToList();
            var name = targets.Count > 0 && random.Below(10) > 0 ? random.Pick(targets) : log.NameAt(random.Below(log.Count));
            said.Add(random.Below(14) switch
            {
                0 => Rearrange(log, name, corpus, random, changed),
                1 => Hint(log, random, changed),
                _ => Damage(log, name, corpus, random, changed),
            });
        }

        return (string.Join("; ", said), changed);
    }

    private static string Damage(MemoryLog log, string name, LogCorpus corpus, SeededRandom random, HashSet<string> changed)
    {
        changed.Add(name);
        var content = log.ContentOf(name)!;
        if (LogFiles.IsParquet(name))
        {
            var file = FileMutation.Of(corpus.LayoutOf(content), corpus.Checkpoints, random);
            log.Put(name, file.Content);
            return $"{name}: {file.What}";
        }

        if (MemoryLog.IsData(name))
        {
            log.Put(name, ByteMutation.Of(content, random));
            return $"{name}: bytes";
        }

        var (json, what) = JsonMutation.Of(content, corpus.PickCommit(random), random);
        log.Put(name, json);
        return $"{name}: {what}";
    }

    private static string Rearrange(MemoryLog log, string name, LogCorpus corpus, SeededRandom random, HashSet<string> changed)
    {
        var content = log.ContentOf(name)!;
        switch (random.Below(6))
        {
            case 0:
                log.Delete(name);
                return $"{name} deleted";
            case 1:
                var other = log.NameAt(random.Below(log.Count));
                var swapped = log.ContentOf(other)!;
                log.Put(name, swapped);
                log.Put(other, content);
                return $"{name} and {other} swapped";
            case 2:
                log.Put(name, corpus.PickCommit(random));
                return $"{name} of another table";
            case 3:
                log.Put(name, []);
                return $"{name} emptied";
            default:
                var target = random.Half() && name.Length > 20 ? random.Pick(Versions) + name[20..] : (name.Length > 20 && random.Half() ? name[..20] : random.Pick(Versions)) + random.Pick(Endings);
                if (random.Half())
                {
                    log.Delete(name);
                }

                log.Put(target, content);
                return $"{name} as {target}";
        }
    }

    private static string Hint(MemoryLog log, SeededRandom random, HashSet<string> changed)
    {
        const string name = "_last_checkpoint";
        changed.Add(name);
        var hint = log.ContentOf(name) is { } known && random.Half()
            ? JsonMutation.Of(known, known, random).Json
            : Encoding.UTF8.GetBytes($$"""{"version":{{(random.Half() ? random.Below(12) : Numbers.Other(5, random))}},"size":{{Numbers.Other(9, random)}},"parts":{{Numbers.Other(1, random)}}}""");
        log.Put(name, hint);
        return "hint";
    }
}

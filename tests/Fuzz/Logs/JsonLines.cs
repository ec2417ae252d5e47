namespace Latecomer.Tests.Fuzz;

/// <summary>Mixes lines.</summary>
internal static class JsonLines
{
    /// <summary>Lines dropped, doubled, swapped, joined, or of another file.</summary>
    public static byte[] Mixed(byte[] json, byte[] other, SeededRandom random)
    {
        var lines = Split(json);
        var (one, two) = (random.Below(lines.Count), random.Below(lines.Count));
        switch (random.Below(7))
        {
            case 0:
                lines.RemoveAt(one);
                break;
            case 1:
                lines.Insert(one, lines[two]);
                break;
            case 2:
                (lines[one], lines[two]) = (lines[two], lines[one]);
                break;
            case 3:
                lines[one] = [.. lines[one], .. lines[two]];
                break;
            case 4:
                lines.AddRange(Enumerable.Repeat(lines[one], random.Pick([2, 30, 300])));
                break;
            default:
                lines.Insert(one, random.Pick(Split(other)));
                break;
        }

        return Join(lines);
    }

    public static List<byte[]> Split(ReadOnlySpan<byte> json)
    {
        var lines = new List<byte[]>();
        foreach (var line in json.Split((byte)'\n'))
        {
            lines.Add(json[line].ToArray());
        }

        return lines;
    }

    public static byte[] Join(List<byte[]> lines)
    {
        using var joined = new MemoryStream();
        for (var index = 0; index < lines.Count; index++)
        {
            joined.Write(index == 0 ? [] : "\n"u8);
            joined.Write(lines[index]);
        }

        return joined.ToArray();
    }
}

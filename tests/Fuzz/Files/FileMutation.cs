namespace Latecomer.Tests.Fuzz;

/// <summary>A damaged Parquet file, with what was done to it.</summary>
/// <param name="Content">The file.</param>
/// <param name="IsHarmless">Whether it must mean what it meant before.</param>
/// <param name="What">For people.</param>
internal sealed record MutatedFile(byte[] Content, bool IsHarmless, string What);

/// <summary>Damages Parquet files where it hurts: in fields of the footer and of page headers, in pages, and by mixing two files. The footer's length keeps
/// fitting mostly, and so do offsets, so that what is behind them is read.</summary>
internal static class FileMutation
{
    private const int MostChanges = 3;

    public static MutatedFile Of(ParquetLayout file, IReadOnlyList<ParquetLayout> others, SeededRandom random)
    {
        if (!file.IsSound)
        {
            return new MutatedFile(ByteMutation.Of(file.Content, random), IsHarmless: false, "bytes");
        }

        if (random.Below(8) == 0)
        {
            return HarmlessFileChange.Of(file, random);
        }

        var plan = new FilePlan(file) { Adjusts = random.Below(4) > 0 };
        var said = new List<string>();
        for (var left = Math.Max(1, random.Below(MostChanges + 3) - MostChanges + 1); left > 0; left--)
        {
            said.Add(Change(plan, others, random));
        }

        var content = plan.Build();
        if (random.Below(25) == 0)
        {
            said.Add("bytes anywhere");
            content = ByteMutation.Of(content, random);
        }
        else if (random.Below(25) == 0)
        {
            said.Add("bytes lost");
            content = Cut(content, random);
        }

        return new MutatedFile(content, IsHarmless: false, string.Join(", ", said));
    }

    private static string Change(FilePlan plan, IReadOnlyList<ParquetLayout> others, SeededRandom random)
    {
        var kind = random.Below(20);
        if (kind < 6 || plan.File.Pages.Count == 0)
        {
            return $"footer: {ThriftMutation.Apply(plan.Footer, random)}";
        }

        var page = random.Pick(plan.File.Pages);
        if (!plan.IsUntouched(page) || kind == 6)
        {
            plan.RawFooter = ByteMutation.Of(ThriftWriter.Write(plan.Footer), random);
            return "bytes of the footer";
        }

        return kind switch
        {
            7 => OtherFooter(plan, random.Pick(others), random),
            8 or 9 => OtherPage(plan, page, random.Half() ? plan.File : random.Pick(others), random),
            < 14 => Header(plan, page, random),
            _ => Body(plan, page, random),
        };
    }

    private static string Header(FilePlan plan, PagePlace page, SeededRandom random)
    {
        var header = plan.File.ReadHeader(page);
        var what = ThriftMutation.Apply(header, random);
        plan.Replace(page, ThriftWriter.Write(header), plan.File.BodyOf(page));
        return $"page at {page.Start}: {what}";
    }

    private static string Body(FilePlan plan, PagePlace page, SeededRandom random)
    {
        var header = plan.File.ReadHeader(page);
        var body = random.Half() ? ByteMutation.SameLength(plan.File.BodyOf(page), random) : ByteMutation.Of(plan.File.BodyOf(page), random);
        if (random.Below(4) == 0)
        {
            body = ByteMutation.SameLength(body, random);
        }

        Resize(header, page.BodyLength, body.Length);
        plan.Replace(page, ThriftWriter.Write(header), body);
        return $"page at {page.Start}: body";
    }

    /// <summary>Where nothing is compressed, both sizes are the page's.</summary>
    private static void Resize(ThriftValue header, int before, int after)
    {
        if (header.NumberOf(PageHeaders.UncompressedSize) == before)
        {
            header[PageHeaders.UncompressedSize]!.Number = after;
        }

        header[PageHeaders.CompressedSize]!.Number = after;
    }

    private static string OtherPage(FilePlan plan, PagePlace page, ParquetLayout other, SeededRandom random)
    {
        if (other.Pages.Count == 0)
        {
            return "nothing";
        }

        var from = random.Pick(other.Pages);
        if (random.Below(3) > 0)
        {
            plan.Replace(page, ThriftWriter.Write(other.ReadHeader(from)), other.BodyOf(from));
            return $"page at {page.Start} of {other.Name} at {from.Start}";
        }

        var header = plan.File.ReadHeader(page);
        Resize(header, page.BodyLength, from.BodyLength);
        plan.Replace(page, ThriftWriter.Write(header), other.BodyOf(from));
        return $"body at {page.Start} of {other.Name} at {from.Start}";
    }

    private static string OtherFooter(FilePlan plan, ParquetLayout other, SeededRandom random)
    {
        if (!other.IsSound)
        {
            return "nothing";
        }

        var footer = other.ReadFooter();
        if (random.Half())
        {
            plan.Footer = footer;
            return $"footer of {other.Name}";
        }

        var field = random.Below(footer.Fields.Count);
        var at = plan.Footer.Fields.FindIndex(own => own.Id == footer.Fields[field].Id);
        if (at >= 0)
        {
            plan.Footer.Fields[at] = footer.Fields[field];
        }

        return $"field {footer.Fields[field].Id} of the footer of {other.Name}";
    }

    /// <summary>Takes bytes of the data away, or the end or the beginning of the file.</summary>
    private static byte[] Cut(byte[] file, SeededRandom random)
    {
        var at = random.Below(file.Length + 1);
        return random.Below(3) switch
        {
            0 => file[..at],
            1 => file[at..],
            _ => [.. file[..at], .. file[Math.Min(file.Length, at + random.Between(1, 200))..]],
        };
    }
}

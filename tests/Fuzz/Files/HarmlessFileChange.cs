namespace Latecomer.Tests.Fuzz;

/// <summary>Changes a Parquet file so that it means what it meant: what is not known, what is only noted, and how things are written.</summary>
internal static class HarmlessFileChange
{
    /// <summary>Of no struct of parquet.thrift.</summary>
    private const int UnknownField = 900;

    private const int Notes = 5;
    private const int CreatedBy = 6;

    public static MutatedFile Of(ParquetLayout file, SeededRandom random)
    {
        var plan = new FilePlan(file);
        var what = random.Below(file.Pages.Count == 0 ? 6 : 8) switch
        {
            0 => Pad(plan, random),
            1 => Write(plan),
            2 => Note(plan, random),
            3 => Forget(plan, ColumnChunks.EncodingStatistics),
            4 => Forget(plan, ColumnChunks.Statistics),
            5 => AddUnknown(plan.Footer, random),
            _ => Page(plan, random),
        };
        return new MutatedFile(plan.Build(), IsHarmless: true, $"harmless: {what}");
    }

    private static string Pad(FilePlan plan, SeededRandom random)
    {
        plan.Pad(new byte[random.Between(1, 300)]);
        return "bytes before the footer";
    }

    private static string Write(FilePlan plan)
    {
        plan.IsFooterLong = true;
        return "footer written long";
    }

    private static string Note(FilePlan plan, SeededRandom random)
    {
        plan.Footer.Fields.RemoveAll(field => field.Id is Notes or CreatedBy);
        plan.Footer.Fields.Add(new ThriftField(CreatedBy, new ThriftValue(ThriftValue.Binary) { Bytes = BitConverter.GetBytes(random.Next()) }));
        return "notes";
    }

    private static string Forget(FilePlan plan, int field)
    {
        foreach (var chunk in ColumnChunks.Of(plan.Footer))
        {
            chunk.Fields.RemoveAll(own => own.Id == field);
        }

        return $"field {field} of chunks";
    }

    private static string Page(FilePlan plan, SeededRandom random)
    {
        var page = random.Pick(plan.File.Pages);
        var header = plan.File.ReadHeader(page);
        header.Fields.RemoveAll(field => field.Id == PageHeaders.Checksum);
        var what = AddUnknown(header, random);
        plan.Replace(page, ThriftWriter.Write(header, isLong: random.Half()), plan.File.BodyOf(page));
        return $"page at {page.Start}: {what}";
    }

    private static string AddUnknown(ThriftValue root, SeededRandom random)
    {
        var structs = new List<ThriftValue>();
        root.Gather(structs);
        // A union has just one member: what stands in another place than its first would be its content.
        structs.RemoveAll(value => value.Type != ThriftValue.Struct || value.Fields.Count < 2);
        var unknown = random.Below(4) switch
        {
            0 => ThriftValue.Of((long)random.Next()),
            1 => new ThriftValue(ThriftValue.Binary) { Bytes = new byte[random.Below(300)] },
            2 => new ThriftValue(ThriftValue.List) { ElementType = ThriftValue.Struct, Items = [new(ThriftValue.Struct), new(ThriftValue.Struct)] },
            _ => new ThriftValue(ThriftValue.True),
        };
        (structs.Count == 0 ? root : random.Pick(structs)).Fields.Add(new ThriftField(UnknownField, unknown));
        return "unknown field";
    }
}

using System.Buffers.Binary;

namespace Latecomer.Tests.Fuzz;

/// <summary>A file about to be made of a sound one: its footer, and pages in the place of others. What lies behind a page that grew or shrank is
/// found again, and the footer's length fits.</summary>
internal sealed class FilePlan(ParquetLayout file)
{
    private readonly SortedDictionary<int, (int Removed, byte[] Added)> edits = [];

    public ParquetLayout File { get; } = file;

    /// <summary>The footer, to be changed.</summary>
    public ThriftValue Footer { get; set; } = file.ReadFooter();

    /// <summary>Whether the footer's fields are written as few writers do.</summary>
    public bool IsFooterLong { get; set; }

    /// <summary>Whether the footer is told what moved.</summary>
    public bool Adjusts { get; set; } = true;

    /// <summary>Bytes instead of the footer.</summary>
    public byte[]? RawFooter { get; set; }

    /// <summary>Whether the page is as it was.</summary>
    public bool IsUntouched(PagePlace page) => !edits.ContainsKey(page.Start);

    public void Replace(PagePlace page, byte[] header, ReadOnlySpan<byte> body) => edits[page.Start] = (page.Length, [.. header, .. body]);

    /// <summary>Puts bytes before the footer that nothing leads to.</summary>
    public void Pad(byte[] bytes) => edits[File.DataEnd] = (0, bytes);

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        if (Adjusts && edits.Count > 0)
        {
            ColumnChunks.Move(Footer, Moved);
        }

        using var built = new MemoryStream(File.Content.Length + 1_000);
        var at = 0;
        foreach (var (start, edit) in edits)
        {
            built.Write(File.Content.AsSpan(at..start));
            built.Write(edit.Added);
            at = start + edit.Removed;
        }

        built.Write(File.Content.AsSpan(at..File.DataEnd));
        var footer = RawFooter ?? ThriftWriter.Write(Footer, IsFooterLong);
        built.Write(footer);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        built.Write(length);
        built.Write("PAR1"u8);
        return built.ToArray();
    }

    private long Moved(long offset) => offset + edits.TakeWhile(edit => edit.Key + edit.Value.Removed <= offset).Sum(edit => (long)edit.Value.Added.Length - edit.Value.Removed);
}

using System.Text;
using System.Text.Unicode;

namespace Latecomer.Parquet.Format;

/// <summary>Shortens long text and binary bounds so that they stay bounds: a lower one is cut, an upper one is cut and
/// raised, and left out where nothing short is greater. Text is cut between characters.</summary>
internal static class ShortenedBound
{
    public static (byte[]? Bound, bool IsExact) Below(byte[]? bound, int maxBytes, bool isBytes) =>
        bound is null || !isBytes || bound.Length <= maxBytes
            ? (bound, true)
            : (bound[..CutAt(bound, maxBytes, Utf8.IsValid(bound))], false);

    public static (byte[]? Bound, bool IsExact) Above(byte[]? bound, int maxBytes, bool isBytes, bool isText)
    {
        if (bound is null || !isBytes || bound.Length <= maxBytes)
        {
            return (bound, true);
        }

        var raised = isText && Utf8.IsValid(bound)
            ? RaiseText(bound.AsSpan(0, CutAt(bound, maxBytes, isText: true)))
            : RaiseBytes(bound.AsSpan(0, maxBytes));
        return (raised, false);
    }

    private static int CutAt(ReadOnlySpan<byte> bound, int maxBytes, bool isText)
    {
        var end = maxBytes;
        while (isText && end > 0 && (bound[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return end;
    }

    private static byte[]? RaiseBytes(ReadOnlySpan<byte> prefix)
    {
        var kept = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (kept < 0)
        {
            return null;
        }

        var raised = prefix[..(kept + 1)].ToArray();
        raised[kept]++;
        return raised;
    }

    private static byte[]? RaiseText(ReadOnlySpan<byte> prefix)
    {
        while (!prefix.IsEmpty)
        {
            Rune.DecodeLastFromUtf8(prefix, out var last, out var width);
            prefix = prefix[..^width];

            // The surrogates' gap is passed over; the last code point of all cannot be raised, and gives way to the one before it.
            var next = last.Value + 1 == 0xD800 ? 0xE000 : last.Value + 1;
            if (Rune.IsValid(next))
            {
                var raised = new byte[prefix.Length + new Rune(next).Utf8SequenceLength];
                prefix.CopyTo(raised);
                new Rune(next).EncodeToUtf8(raised.AsSpan(prefix.Length));
                return raised;
            }
        }

        return null;
    }
}

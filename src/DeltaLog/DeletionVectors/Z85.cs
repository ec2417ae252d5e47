namespace Latecomer.DeltaLog;

/// <summary>The Base85 of ZeroMQ RFC 32, in which the log writes bytes of deletion vectors: 5 characters for 4 bytes.</summary>
internal static class Z85
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    private const int Base = 85;

    /// <summary>The bytes of a text; null when it is none of this encoding.</summary>
    internal static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        if (text.Length % 5 != 0)
        {
            return null;
        }

        var bytes = new byte[text.Length / 5 * 4];
        for (var (from, to) = (0, 0); from < text.Length; from += 5, to += 4)
        {
            // Five digits can say more than 32 bits; what is beyond them is dropped, as other readers do.
            var value = 0U;
            foreach (var digit in text.Slice(from, 5))
            {
                var number = Alphabet.IndexOf(digit, StringComparison.Ordinal);
                if (number < 0)
                {
                    return null;
                }

                value = unchecked((value * Base) + (uint)number);
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(to), value);
        }

        return bytes;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Latecomer.Parquet.Rows;

/// <summary>Decimals as strings with exactly as many digits after the point as their scale says.</summary>
internal static class DecimalText
{
    /// <summary>Longer values are no numbers of anybody, and cost more than linear time to write.</summary>
    private const int MaxBytes = 1_024;

    /// <summary>The digits of 128 bits and a sign.</summary>
    private const int MaxFixedDigits = 40;

    public static void Write(Utf8JsonWriter json, Int128 unscaled, int scale)
    {
        Span<byte> digits = stackalloc byte[MaxFixedDigits];
        Int128.Abs(unscaled == Int128.MinValue ? unscaled + 1 : unscaled).TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        if (unscaled == Int128.MinValue)
        {
            // The only value without a positive counterpart ends in 8, so that one more needs no carry.
            digits[length - 1]++;
        }

        Write(json, Int128.IsNegative(unscaled), digits[..length], scale);
    }

    /// <summary>Writes a number of two's complement, big-endian; no bytes are zero.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> bytes, int scale)
    {
        if (bytes.Length <= 16)
        {
            Int128 value = bytes.Length > 0 && (bytes[0] & 0x80) != 0 ? -1 : 0;
            foreach (var part in bytes)
            {
                value = (value << 8) | part;
            }

            Write(json, value, scale);
            return;
        }

        if (bytes.Length > MaxBytes)
        {
            throw ParquetException.Unsupported($"A decimal of {bytes.Length} bytes is not written.");
        }

        var number = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture);
        Span<byte> text = stackalloc byte[MaxBytes * 3];
        Write(json, number.Sign < 0, text[..System.Text.Encoding.ASCII.GetBytes(digits, text)], scale);
    }

    private static void Write(Utf8JsonWriter json, bool isNegative, ReadOnlySpan<byte> digits, int scale)
    {
        // A sign, the zeros that the scale asks for, and the point.
        Span<byte> text = stackalloc byte[digits.Length + scale + 3];
        var length = 0;
        if (isNegative)
        {
            text[length++] = (byte)'-';
        }

        var whole = Math.Max(digits.Length - scale, 0);
        if (whole == 0)
        {
            text[length++] = (byte)'0';
        }

        digits[..whole].CopyTo(text[length..]);
        length += whole;
        if (scale > 0)
        {
            text[length++] = (byte)'.';
            var zeros = scale - (digits.Length - whole);
            text.Slice(length, zeros).Fill((byte)'0');
            digits[whole..].CopyTo(text[(length + zeros)..]);
            length += scale;
        }

        json.WriteStringValue(text[..length]);
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Latecomer.Parquet.Rows;

/// <summary>Numbers, texts and UUIDs as JSON values.</summary>
internal static class ScalarText
{
    /// <summary>64 bits are more than what many readers of JSON keep of a number.</summary>
    public static void WriteDigits(Utf8JsonWriter json, long value)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..length]);
    }

    public static void WriteDigits(Utf8JsonWriter json, ulong value)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..length]);
    }

    public static void WriteReal(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value) && (value != 0 || !double.IsNegative(value)))
        {
            json.WriteNumberValue(value);
            return;
        }

        json.WriteStringValue(value switch
        {
            double.PositiveInfinity => "Infinity"u8,
            double.NegativeInfinity => "-Infinity"u8,
            0 => "-0.0"u8,
            _ => "NaN"u8,
        });
    }

    public static void WriteHalf(Utf8JsonWriter json, ReadOnlySpan<byte> bytes) =>
        WriteReal(json, (double)BinaryPrimitives.ReadHalfLittleEndian(bytes));

    /// <summary>What is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteStringValue(bytes);
        }
        else
        {
            json.WriteStringValue(Encoding.UTF8.GetString(bytes));
        }
    }

    public static void WriteUuid(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = stackalloc byte[36];
        new Guid(bytes, bigEndian: true).TryFormat(text, out var length);
        json.WriteStringValue(text[..length]);
    }
}

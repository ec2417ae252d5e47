using System.Globalization;
using System.Numerics;
using System.Text;

namespace Latecomer.DeltaLog;

/// <summary>Texts of the log to values (PROTOCOL.md, "Partition Value Serialization").</summary>
internal static class PartitionValueParser
{
    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int LongestDecimal = 128;

    /// <summary>The value; null when the text is none of the type. A type that is not known is taken for text.</summary>
    internal static PartitionValue? TryParse(DataType type, string? text) => (type, text) switch
    {
        (_, null or "") => PartitionValue.Missing.Value,
        (DataType.Primitive primitive, _) => TryParse(primitive.Name, text),
        _ => new PartitionValue.Text(text),
    };

    private static PartitionValue? TryParse(string type, string text) => type switch
    {
        "byte" => Integer(text, sbyte.MinValue, sbyte.MaxValue),
        "short" => Integer(text, short.MinValue, short.MaxValue),
        "integer" => Integer(text, int.MinValue, int.MaxValue),
        "long" => Integer(text, long.MinValue, long.MaxValue),
        "float" => float.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out var single) ? Real(text, single) : null,
        "double" => double.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out var real) ? Real(text, real) : null,
        "boolean" => bool.TryParse(text, out var flag) ? new PartitionValue.Flag(flag) : null,
        "date" => TimestampText.TryDate(text) is { } days ? new PartitionValue.Date(days) : null,
        "timestamp" => TimestampText.TryTimestamp(text, hasZone: true) is { } micros ? new PartitionValue.Timestamp(micros) : null,
        "timestamp_ntz" => TimestampText.TryTimestamp(text, hasZone: false) is { } micros ? new PartitionValue.Timestamp(micros) : null,
        "binary" => new PartitionValue.Bytes(Encoding.UTF8.GetBytes(text)),
        _ when DecimalType.TryParse(type) is { } number => Decimal(text, number),
        _ => new PartitionValue.Text(text),
    };

    private static PartitionValue.Integer? Integer(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? new PartitionValue.Integer(number)
            : null;

    /// <summary>A number that is too great for its type reads as infinite, and nobody meant that.</summary>
    private static PartitionValue.Real? Real(string text, double value) =>
        double.IsInfinity(value) && !text.Contains("Inf", StringComparison.OrdinalIgnoreCase) ? null : new PartitionValue.Real(value);

    private static PartitionValue.Decimal? Decimal(string text, DecimalType type)
    {
        if (text.Length > LongestDecimal)
        {
            return null;
        }

        // Digits, and by how many places the point stands before their end.
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var (digits, exponent) = exponentAt < 0 ? (text, "0") : (text[..exponentAt], text[(exponentAt + 1)..]);
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var places = point < 0 ? 0 : digits.Length - point - 1;
        if (digits.StartsWith('.') || digits.EndsWith('.')
            || !BigInteger.TryParse(point < 0 ? digits : digits.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var shift) || Math.Abs((long)shift) > LongestDecimal)
        {
            return null;
        }

        var zeros = type.Scale - places + shift;
        var unscaled = zeros >= 0 ? number * BigInteger.Pow(10, zeros) : BigInteger.DivRem(number, BigInteger.Pow(10, -zeros), out number);
        return (zeros >= 0 || number.IsZero) && BigInteger.Abs(unscaled) < BigInteger.Pow(10, type.Precision)
            ? new PartitionValue.Decimal(unscaled, type.Scale)
            : null;
    }
}

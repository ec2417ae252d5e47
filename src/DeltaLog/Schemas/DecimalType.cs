using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>The parts of <c>decimal(precision,scale)</c>.</summary>
internal readonly record struct DecimalType(int Precision, int Scale)
{
    private const string Name = "decimal";
    private const int MostDigits = 38;

    /// <summary>The parts of a type's name; null when it is no decimal. A decimal without parts has 10 digits, as in Spark.</summary>
    internal static DecimalType? TryParse(string type)
    {
        if (type == Name)
        {
            return new DecimalType(10, 0);
        }

        if (!type.StartsWith(Name + "(", StringComparison.Ordinal) || type[^1] != ')')
        {
            return null;
        }

        var parts = type[(Name.Length + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scale)
            && precision is > 0 and <= MostDigits && scale <= precision
            ? new DecimalType(precision, scale)
            : null;
    }
}

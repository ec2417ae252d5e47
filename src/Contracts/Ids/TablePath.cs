using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Contracts;

/// <summary>Where a table lies, relative to the data folder's <c>dataset</c>, with forward slashes: <c>devices</c>, <c>sales/orders</c>.
/// It never leads out of that folder.</summary>
public readonly record struct TablePath : IParsable<TablePath>, IComparable<TablePath>
{
    private readonly string? _value;

    private TablePath(string value) => _value = value;

    /// <summary>The path's text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A TablePath was used before it was set.");

    /// <inheritdoc/>
    public static TablePath Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var path)
        ? path
        : throw new FormatException($"'{s}' is no table path: it is relative to the dataset folder, with '/' between names, without '.', '..' or empty names.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TablePath result)
    {
        var valid = s is { Length: > 0 and <= 400 }
            && s.Split('/').All(name => name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['\\', '\0', '\n', '\r']) < 0);
        result = valid ? new TablePath(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(TablePath other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

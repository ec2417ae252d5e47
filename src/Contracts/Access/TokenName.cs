using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Contracts;

/// <summary>Names a token for people, as the audit tells it: 1 to 64 letters, digits, <c>_</c>, <c>-</c>, <c>.</c> and <c>@</c>.</summary>
public readonly record struct TokenName : IParsable<TokenName>
{
    private const int MaxLength = 64;
    private readonly string? _value;

    private TokenName(string value) => _value = value;

    /// <summary>The name's text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A TokenName was used before it was set.");

    /// <inheritdoc/>
    public static TokenName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' cannot name a token: 1 to {MaxLength} letters, digits, '_', '-', '.' and '@'.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TokenName result)
    {
        var valid = s is { Length: > 0 and <= MaxLength } && s.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@');
        result = valid ? new TokenName(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

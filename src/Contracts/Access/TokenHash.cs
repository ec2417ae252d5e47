using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Latecomer.Contracts;

/// <summary>The SHA-256 of a token, by which it is known without being kept. A plain hash is enough, for a token is 32 random bytes, which nobody guesses.</summary>
public readonly record struct TokenHash : IParsable<TokenHash>
{
    private const int IdCharacters = 16;
    private readonly string? _value;

    private TokenHash(string value) => _value = value;

    /// <summary>Its text: hexadecimal digits, lower case.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A TokenHash was used before it was set.");

    /// <summary>The token's id: the first digits, enough to tell tokens apart and too few to find one.</summary>
    public string Id => Value[..IdCharacters];

    /// <summary>The hash of a token.</summary>
    public static TokenHash Of(string token) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));

    /// <summary>Whether another is the same; takes as long wherever they differ.</summary>
    public bool IsSame(TokenHash other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Value), Encoding.ASCII.GetBytes(other.Value));

    /// <inheritdoc/>
    public static TokenHash Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var hash) ? hash : throw new FormatException("A token's SHA-256 is 64 hexadecimal digits.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TokenHash result)
    {
        var valid = s is { Length: 2 * SHA256.HashSizeInBytes } && s.All(char.IsAsciiHexDigit);
        result = valid ? new TokenHash(s!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

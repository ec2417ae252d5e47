using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Runtime;

/// <summary>Names a request from the edge: what carries the same id is applied once, with the same reply. 1 to 200 characters.</summary>
public readonly record struct RequestId : IParsable<RequestId>
{
    /// <summary>The most characters that one may have.</summary>
    public const int MaxLength = 200;
    private readonly string? _value;

    private RequestId(string value) => _value = value;

    /// <summary>The id's text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A RequestId was used before it was set.");

    /// <inheritdoc/>
    public static RequestId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"A request id has 1 to {MaxLength} characters.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RequestId result)
    {
        var valid = s is { Length: > 0 and <= MaxLength };
        result = valid ? new RequestId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

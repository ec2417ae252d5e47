using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Runtime;

/// <summary>Names one actor: its kind (which behavior) and its key within the kind. Written <c>Kind/key</c>;
/// a kind has no slash, a key may have.</summary>
public readonly record struct ActorId : IParsable<ActorId>
{
    private readonly string? _text;
    private readonly int _slash;

    /// <summary>Names the actor <paramref name="key"/> of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentException">Either part is empty, or the kind has a slash.</exception>
    public ActorId(string kind, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (kind.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"An actor's kind has no slash: '{kind}'.", nameof(kind));
        }

        _text = $"{kind}/{key}";
        _slash = kind.Length;
    }

    private ActorId(string text, int slash)
    {
        _text = text;
        _slash = slash;
    }

    /// <summary>The behavior that the actor has.</summary>
    public string Kind => Text[.._slash];

    /// <summary>The actor's name within its kind.</summary>
    public string Key => Text[(_slash + 1)..];

    /// <summary>The kind, without a copy of it.</summary>
    internal ReadOnlySpan<char> KindSpan => Text.AsSpan(0, _slash);

    private string Text => _text ?? throw new InvalidOperationException("An ActorId was used before it was set.");

    /// <inheritdoc/>
    public static ActorId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no actor id: it should read Kind/key.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ActorId result)
    {
        var slash = s?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        var valid = slash > 0 && slash < s!.Length - 1;
        result = valid ? new ActorId(s!, slash) : default;
        return valid;
    }

    /// <inheritdoc/>
    public bool Equals(ActorId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => Text;
}

using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Latecomer.Contracts;

/// <summary>Names a pipeline: 1 to 100 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, beginning with a letter or digit.</summary>
public readonly partial record struct PipelineName : IParsable<PipelineName>
{
    private readonly string? _value;

    private PipelineName(string value) => _value = value;

    /// <summary>The name's text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A PipelineName was used before it was set.");

    /// <inheritdoc/>
    public static PipelineName Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var name)
        ? name
        : throw new FormatException($"'{s}' is no name for a pipeline: it takes 1 to 100 letters, digits, '_', '-' and '.', the first a letter or digit.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PipelineName result)
    {
        var valid = s is not null && Form().IsMatch(s);
        result = valid ? new PipelineName(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Latecomer.Tests.Simulation;

/// <summary>A sentence that is only put together when it is needed: when what should hold does not.</summary>
[InterpolatedStringHandler]
internal readonly ref struct Otherwise
{
    private readonly System.Text.StringBuilder? _text;

    public Otherwise(int literalLength, int formattedCount, bool holds, out bool needed)
    {
        needed = !holds;
        _text = needed ? new System.Text.StringBuilder(literalLength + (formattedCount * 16)) : null;
    }

    public void AppendLiteral(string text) => _text?.Append(text);

    public void AppendFormatted<T>(T value) => _text?.Append(value is IFormattable f ? f.ToString(format: null, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text?.ToString() ?? "";
}

namespace Latecomer.Parquet;

/// <summary>Names from a top-level column down to a part of it: fields of structs, and <see cref="Element"/>, <see cref="Key"/> and
/// <see cref="Value"/> in lists and maps. Guarantees at least one step.</summary>
public sealed class ColumnPath
{
    /// <summary>The step into a list.</summary>
    public const string Element = "element";

    /// <summary>The step to a map's keys.</summary>
    public const string Key = "key";

    /// <summary>The step to a map's values.</summary>
    public const string Value = "value";

    private ColumnPath(string[] steps) => Steps = steps;

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The path of these names; throws <see cref="ArgumentException"/> if there is none.</summary>
    public static ColumnPath Of(params ReadOnlySpan<string> steps) =>
        steps.IsEmpty ? throw new ArgumentException("A path has at least one name.", nameof(steps)) : new ColumnPath(steps.ToArray());

    /// <summary>The names, joined by dots.</summary>
    public override string ToString() => string.Join('.', Steps);
}

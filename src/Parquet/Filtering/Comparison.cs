namespace Latecomer.Parquet;

/// <summary>How a column's value is compared with another; a null is none of these.</summary>
public enum Comparison
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>Another one.</summary>
    NotEqual,

    /// <summary>Before it.</summary>
    Less,

    /// <summary>Before it or the same.</summary>
    LessOrEqual,

    /// <summary>After it.</summary>
    Greater,

    /// <summary>After it or the same.</summary>
    GreaterOrEqual,
}

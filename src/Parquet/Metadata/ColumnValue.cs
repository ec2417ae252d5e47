using System.Text;

namespace Latecomer.Parquet;

/// <summary>One value outside a column: a bound of a statistic. Closed; comparable by value.</summary>
public abstract record ColumnValue
{
    private ColumnValue()
    {
    }

    /// <summary>Of a <see cref="ColumnType.Boolean"/>.</summary>
    public sealed record Flag(bool Value) : ColumnValue;

    /// <summary>Of any other integer, date (days), time or timestamp (ticks of its unit), or decimal (unscaled).</summary>
    public sealed record Integer(long Value) : ColumnValue;

    /// <summary>Of a <see cref="ColumnType.UInt64"/>.</summary>
    public sealed record Unsigned(ulong Value) : ColumnValue;

    /// <summary>Of a float or double.</summary>
    public sealed record Real(double Value) : ColumnValue;

    /// <summary>Of a string (UTF-8), binary or UUID, or of a decimal that is stored as bytes (unscaled; two's complement, big-endian).</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Value) : ColumnValue
    {
        /// <summary>The bytes as text; those that are not UTF-8 become U+FFFD.</summary>
        public string Text => Encoding.UTF8.GetString(Value.Span);

        /// <inheritdoc/>
        public bool Equals(Bytes? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(Value.Span);
            return hash.ToHashCode();
        }
    }
}

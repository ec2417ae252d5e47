using System.Numerics;

namespace Latecomer.DeltaLog;

/// <summary>The value of a partition column by the column's type (PROTOCOL.md, "Partition Value Serialization"). Two spellings of one value are equal. Closed.</summary>
public abstract record PartitionValue
{
    private PartitionValue()
    {
    }

    /// <summary>Null, which the log also writes as <c>""</c>.</summary>
    public sealed record Missing : PartitionValue
    {
        /// <summary>The one there is.</summary>
        public static Missing Value { get; } = new();
    }

    /// <summary>Of a string column, or of one whose type this build does not know.</summary>
    public sealed record Text(string Value) : PartitionValue;

    /// <summary>Of a boolean column.</summary>
    public sealed record Flag(bool Value) : PartitionValue;

    /// <summary>Of a byte, short, integer or long column.</summary>
    public sealed record Integer(long Value) : PartitionValue;

    /// <summary>Of a float or double column. NaN equals NaN, and is greater than all others.</summary>
    public sealed record Real(double Value) : PartitionValue;

    /// <summary>Of a decimal column, as a multiple of its last digit: <paramref name="Scale"/> digits stand after the point.</summary>
    public sealed record Decimal(BigInteger Unscaled, int Scale) : PartitionValue;

    /// <summary>Of a date column, in days since 1970-01-01 of the proleptic Gregorian calendar.</summary>
    public sealed record Date(int Days) : PartitionValue;

    /// <summary>Of a timestamp column, in microseconds since 1970-01-01T00:00:00Z; of a timestamp_ntz column, since that time on a clock of no zone.</summary>
    public sealed record Timestamp(long Micros) : PartitionValue;

    /// <summary>Of a binary column.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Value) : PartitionValue
    {
        /// <inheritdoc/>
        public bool Equals(Bytes? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Value.Span);
            return hash.ToHashCode();
        }
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Latecomer.DeltaLog;

/// <summary>The values of a partition by column, as strings of the log; the identity of a partition. Equal when names and
/// values are equal, whatever their order; <c>""</c> and null are the same value (PROTOCOL.md, "Partition Value Serialization").</summary>
public sealed class PartitionValues : IReadOnlyCollection<KeyValuePair<string, string?>>, IEquatable<PartitionValues>
{
    private readonly KeyValuePair<string, string?>[] _raw;
    private readonly int _hash;

    private PartitionValues(KeyValuePair<string, string?>[] raw)
    {
        _raw = raw;
        var hash = default(HashCode);
        foreach (var (name, value) in raw)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(Normal(value), StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The one partition of a table without partition columns.</summary>
    public static PartitionValues None { get; } = new([]);

    /// <summary>How many columns there are.</summary>
    public int Count => _raw.Length;

    /// <summary>Whether a value was written as <c>""</c> rather than null.</summary>
    public bool HasEmptyStrings => Array.Exists(_raw, pair => pair.Value is { Length: 0 });

    /// <summary>The pairs as the log wrote them, <c>""</c> included, in order of name.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Raw => _raw;

    /// <summary>The value of a column; null for null and for <c>""</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public string? this[string column] => TryGetValue(column, out var value)
        ? value
        : throw new KeyNotFoundException($"partition {this} has no column {column}");

    /// <summary>Creates the values of one partition column.</summary>
    public static PartitionValues Of(string column, string? value) => new([new(column, value)]);

    /// <summary>Creates the values of a partition. Of a name given twice, the last value counts.</summary>
    public static PartitionValues Of(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var sorted = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            sorted[name] = value;
        }

        return sorted.Count == 0 ? None : new([.. sorted]);
    }

    /// <summary>Finds the value of a column; null for null and for <c>""</c>.</summary>
    public bool TryGetValue(string column, out string? value)
    {
        foreach (var pair in _raw)
        {
            if (string.Equals(pair.Key, column, StringComparison.Ordinal))
            {
                value = Normal(pair.Value);
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PartitionValues? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || _hash != other._hash || _raw.Length != other._raw.Length)
        {
            return false;
        }

        for (var i = 0; i < _raw.Length; i++)
        {
            if (!string.Equals(_raw[i].Key, other._raw[i].Key, StringComparison.Ordinal)
                || !string.Equals(Normal(_raw[i].Value), Normal(other._raw[i].Value), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PartitionValues);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>For people: <c>event_time=2024-01-02/country=null</c>, in order of name.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in this)
        {
            text.Append(text.Length == 0 ? "" : "/").Append(name).Append('=').Append(value ?? "null");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator()
    {
        foreach (var (name, value) in _raw)
        {
            yield return new(name, Normal(value));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? Normal(string? value) => value is { Length: 0 } ? null : value;
}

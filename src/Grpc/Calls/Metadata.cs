using System.Buffers;
using System.Collections;
using System.Globalization;

namespace Latecomer.Grpc;

/// <summary>Names and values beside a call's messages: <c>Custom-Metadata</c> of gRPC over HTTP/2. Names are kept in lower case; one may have many values. Values
/// are printable ASCII, or, where the name ends in <c>-bin</c>, any bytes.</summary>
public sealed class Metadata : IEnumerable<KeyValuePair<string, string>>
{
    internal const string BinarySuffix = "-bin";

    private static readonly SearchValues<char> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private readonly List<KeyValuePair<string, string>> _entries = [];

    /// <summary>How many values there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The first value of a name; null if it has none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _entries)
            {
                if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Adds a value.</summary>
    /// <exception cref="ArgumentException">The name is reserved or no name, or the value is not printable ASCII.</exception>
    public void Add(string name, string value)
    {
        if (!IsName(name) || name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"'{name}' cannot name text.", nameof(name));
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The value of '{name}' is not printable ASCII: let the name end in {BinarySuffix} and give bytes.", nameof(value));
        }

        Take(name, value);
    }

    /// <summary>Adds bytes under a name that ends in <c>-bin</c>.</summary>
    /// <exception cref="ArgumentException">The name is reserved, or ends otherwise.</exception>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        if (!IsName(name) || !name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"'{name}' cannot name bytes.", nameof(name));
        }

        Take(name, BinaryValue.Encode(value));
    }

    /// <summary>The bytes of a name that ends in <c>-bin</c>; null if it has none.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: what came is no base64.</exception>
    public byte[]? Bytes(string name) => this[name] is not { } value ? null
        : BinaryValue.TryDecode(value) ?? throw new RpcException(StatusCode.InvalidArgument, $"The metadata '{name}' is not base64.");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what came over the wire. Values of one name of bytes may come joined by commas.</summary>
    internal void Take(string name, string? value)
    {
        var key = name.ToLower(CultureInfo.InvariantCulture);
        if (!key.EndsWith(BinarySuffix, StringComparison.Ordinal))
        {
            _entries.Add(new(key, value ?? ""));
            return;
        }

        foreach (var part in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            _entries.Add(new(key, part));
        }
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !ReservedHeaders.Contains(name) && !name.AsSpan().ContainsAnyExcept(OfNames);
}

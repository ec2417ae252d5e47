using System.Buffers;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The values of a protocol or metadata by the version from which on they hold.</summary>
internal sealed class DefinitionHistory<T>(Action<Utf8JsonWriter, T, Protocol?> write)
    where T : class
{
    private readonly List<(long Version, T Value, Protocol? Protocol)> _entries = [];
    private byte[] _last = [];

    /// <summary>Notes the value at a version; nothing happens when it is the same as before.</summary>
    internal void Add(long version, T? value, Protocol? protocol)
    {
        if (value is null || (_entries is [.., var last] && ReferenceEquals(last.Value, value) && ReferenceEquals(last.Protocol, protocol)))
        {
            return;
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, LogJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json, value, protocol);
            json.WriteEndObject();
        }

        if (!bytes.WrittenSpan.SequenceEqual(_last))
        {
            _last = bytes.WrittenSpan.ToArray();
            _entries.Add((version, value, protocol));
        }
    }

    internal void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        foreach (var (version, value, protocol) in _entries)
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            write(json, value, protocol);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Makes one object of the partition values that many file actions share. Looks them up by their JSON bytes, so that an action of a known partition
/// allocates nothing. Not for concurrent use.</summary>
internal sealed class PartitionValuesCache
{
    /// <summary>A table has as many partitions as it likes; the cache is to stay small beside what they are read for.</summary>
    private const int MostKnown = 10_000;

    private readonly Dictionary<byte[], PartitionValues> _known = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], PartitionValues>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    internal PartitionValuesCache() => _byBytes = _known.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Reads <c>partitionValues</c> of a file action; null for null.</summary>
    internal PartitionValues? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var from = reader;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var json = line[start..(int)reader.BytesConsumed];
        if (_byBytes.TryGetValue(json, out var values))
        {
            return values;
        }

        reader = from;
        if (LogJson.Map(ref reader) is not { } map)
        {
            return null;
        }

        values = PartitionValues.Of(map);
        if (_known.Count < MostKnown)
        {
            _known.Add(json.ToArray(), values);
        }

        return values;
    }
}

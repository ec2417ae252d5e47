using System.Buffers;
using System.Buffers.Binary;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Makes one object of the partition values that many files share. Looks them up by the bytes of their row, so that a row of a known partition
/// allocates nothing.</summary>
internal sealed class PartitionValuesPool
{
    private readonly Dictionary<byte[], PartitionValues> _known = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], PartitionValues>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly ArrayBufferWriter<byte> _key = new();

    internal PartitionValuesPool() => _byBytes = _known.GetAlternateLookup<ReadOnlySpan<byte>>();

    internal PartitionValues Get(ColumnData? column, int row)
    {
        if (!column.Has(row))
        {
            return PartitionValues.None;
        }

        var pairs = column as MapColumn ?? throw ColumnValues.Unexpected(column!, "maps");
        _key.ResetWrittenCount();
        for (var at = pairs.StartOf(row); at < pairs.StartOf(row) + pairs.CountOf(row); at++)
        {
            Append(pairs.Keys, at);
            Append(pairs.Values, at);
        }

        if (!_byBytes.TryGetValue(_key.WrittenSpan, out var values))
        {
            values = PartitionValues.Of(pairs.Map(row)!);
            _known.Add(_key.WrittenSpan.ToArray(), values);
        }

        return values;
    }

    private void Append(ColumnData? column, int row)
    {
        var bytes = column is BinaryColumn texts ? texts.GetBytes(row) : [];
        BinaryPrimitives.WriteInt32LittleEndian(_key.GetSpan(sizeof(int)), column.Has(row) ? bytes.Length : -1);
        _key.Advance(sizeof(int));
        _key.Write(bytes);
    }
}

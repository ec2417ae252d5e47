using System.Buffers.Binary;

namespace Latecomer.Parquet.Writing;

/// <summary>Numbers distinct byte strings by their first appearance, and keeps them in plain encoding: with <paramref name="prefixBytes"/> bytes
/// of length before each, which are none where all have the same.</summary>
internal sealed class BinaryDictionary(int prefixBytes) : IDisposable
{
    private const int LeastSlots = 256;

    /// <summary>Differs per process, so that no data can be made to collide.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    private readonly PageBuffer plain = new();
    private BinaryRange[] entries = new BinaryRange[LeastSlots / 2];
    private uint[] hashes = new uint[LeastSlots / 2];

    /// <summary>Number of an entry plus one, or 0.</summary>
    private int[] slots = new int[LeastSlots];

    public int Count { get; private set; }

    /// <summary>The entries in plain encoding.</summary>
    public ReadOnlySpan<byte> Plain => plain.Written[..PlainBytes];

    public int PlainBytes { get; private set; }

    public ReadOnlySpan<byte> this[int index] => plain.Written.Slice(entries[index].Start, entries[index].Length);

    /// <summary>Finds or adds every value, a range of <paramref name="bytes"/>. False if the entries would take more than
    /// <paramref name="maxBytes"/>; then nothing was added, and nothing may be looked up until <see cref="Clear"/>.</summary>
    public bool TryIndex(ReadOnlySpan<byte> bytes, ReadOnlySpan<BinaryRange> values, Span<int> indices, int maxBytes)
    {
        var before = Count;
        for (var position = 0; position < values.Length; position++)
        {
            indices[position] = FindOrAdd(bytes.Slice(values[position].Start, values[position].Length));
            if (plain.Length > maxBytes)
            {
                Count = before;
                return false;
            }
        }

        PlainBytes = plain.Length;
        return true;
    }

    public void Clear()
    {
        Count = 0;
        PlainBytes = 0;
        plain.Clear();
        slots.AsSpan().Clear();
    }

    public void Dispose() => plain.Dispose();

    private static uint Hash(ReadOnlySpan<byte> value)
    {
        var hash = Seed ^ (uint)value.Length;
        while (value.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value));
            value = value[8..];
        }

        ulong rest = 0;
        for (var index = 0; index < value.Length; index++)
        {
            rest |= (ulong)value[index] << (8 * index);
        }

        return (uint)(Mix(hash ^ rest) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9E3779B97F4A7C15UL;
        return value ^ (value >> 29);
    }

    private int FindOrAdd(ReadOnlySpan<byte> value)
    {
        var hash = Hash(value);
        var mask = (uint)slots.Length - 1;
        var slot = hash & mask;
        while (slots[slot] is var entry and not 0)
        {
            if (hashes[entry - 1] == hash && this[entry - 1].SequenceEqual(value))
            {
                return entry - 1;
            }

            slot = (slot + 1) & mask;
        }

        if (Count == entries.Length)
        {
            Grow();
            return FindOrAdd(value);
        }

        if (prefixBytes > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(plain.GetSpan(prefixBytes), value.Length);
            plain.Advance(prefixBytes);
        }

        entries[Count] = new BinaryRange(plain.Length, value.Length);
        hashes[Count] = hash;
        value.CopyTo(plain.GetSpan(value.Length));
        plain.Advance(value.Length);
        slots[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        Array.Resize(ref hashes, hashes.Length * 2);
        slots = new int[entries.Length * 2];
        var mask = (uint)slots.Length - 1;
        for (var entry = 0; entry < Count; entry++)
        {
            var slot = hashes[entry] & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = entry + 1;
        }
    }
}

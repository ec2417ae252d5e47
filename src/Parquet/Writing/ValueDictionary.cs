using System.Runtime.CompilerServices;

namespace Latecomer.Parquet.Writing;

/// <summary>Numbers distinct values by their first appearance. Values are distinct by their bits, so that both zeros and every
/// NaN survive.</summary>
internal sealed class ValueDictionary<T>
    where T : unmanaged
{
    private const int LeastSlots = 256;

    private T[] entries = new T[LeastSlots / 2];

    /// <summary>Number of an entry plus one, or 0.</summary>
    private int[] slots = new int[LeastSlots];

    public ReadOnlySpan<T> Entries => entries.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Finds or adds every value. False if that takes more than <paramref name="maxEntries"/>; then nothing was added, and
    /// nothing may be looked up until <see cref="Clear"/>.</summary>
    public bool TryIndex(ReadOnlySpan<T> values, Span<int> indices, int maxEntries)
    {
        var before = Count;
        for (var position = 0; position < values.Length; position++)
        {
            var index = FindOrAdd(values[position]);
            if (index >= maxEntries)
            {
                Count = before;
                return false;
            }

            indices[position] = index;
        }

        return true;
    }

    public void Clear()
    {
        Count = 0;
        slots.AsSpan().Clear();
    }

    private static ulong Bits(T value) => Unsafe.SizeOf<T>() == 4 ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);

    private static int Hash(ulong bits) => (int)((bits * 0x9E3779B97F4A7C15UL) >> 33);

    private int FindOrAdd(T value)
    {
        var bits = Bits(value);
        var mask = slots.Length - 1;
        var slot = Hash(bits) & mask;
        while (slots[slot] is var entry and not 0)
        {
            if (Bits(entries[entry - 1]) == bits)
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

        entries[Count] = value;
        slots[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        slots = new int[entries.Length * 2];
        var mask = slots.Length - 1;
        for (var entry = 0; entry < Count; entry++)
        {
            var slot = Hash(Bits(entries[entry])) & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = entry + 1;
        }
    }
}

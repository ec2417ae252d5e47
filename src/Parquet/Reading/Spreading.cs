namespace Latecomer.Parquet.Reading;

/// <summary>Moves values that were decoded without gaps to the rows that have one.</summary>
internal static class Spreading
{
    /// <summary>The first <paramref name="present"/> slots hold the values in order. Works from the end, so nothing is
    /// overwritten before it has moved; slots of nulls become the default.</summary>
    public static void Apply<T>(Span<T> slots, int present, ReadOnlySpan<bool> validity)
        where T : unmanaged
    {
        for (var row = slots.Length - 1; row >= 0; row--)
        {
            slots[row] = validity[row] ? slots[--present] : default;
        }
    }
}

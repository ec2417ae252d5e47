using System.Runtime.InteropServices;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads off a leaf's levels where the structs and lists above it are null, and where lists begin.</summary>
internal static class NestedLevels
{
    /// <summary>Sets a flag per slot of <paramref name="node"/>, and counts slots and nulls.</summary>
    public static (int Slots, int Nulls) Validity(SchemaNode node, LeafBatch leaf, Span<bool> flags)
    {
        ReadOnlySpan<byte> definition = leaf.Definition.Written;
        ReadOnlySpan<byte> repetition = leaf.Repetition.Written;
        if (repetition.IsEmpty)
        {
            var present = Levels.AtLeast(definition, (byte)node.Definition, MemoryMarshal.AsBytes(flags));
            return (definition.Length, definition.Length - present);
        }

        var (slots, nulls) = (0, 0);
        for (var entry = 0; entry < definition.Length; entry++)
        {
            if (repetition[entry] <= node.SlotRepetition && definition[entry] >= node.SlotDefinition)
            {
                var isPresent = definition[entry] >= node.Definition;
                flags[slots++] = isPresent;
                nulls += isPresent ? 0 : 1;
            }
        }

        return (slots, nulls);
    }

    /// <summary>Sets an offset and a flag per slot of the list or map <paramref name="node"/>, and the end behind the last offset.</summary>
    /// <param name="node">The list or map.</param>
    /// <param name="elementDefinition">The definition level from which on an entry is in an element.</param>
    /// <param name="leaf">A leaf below it.</param>
    /// <param name="offsets">Room for one more than entries.</param>
    /// <param name="flags">Room for as many as entries.</param>
    public static (int Slots, int Nulls) Offsets(SchemaNode node, int elementDefinition, LeafBatch leaf, Span<int> offsets, Span<bool> flags)
    {
        ReadOnlySpan<byte> definition = leaf.Definition.Written;
        ReadOnlySpan<byte> repetition = leaf.Repetition.Written;
        var (slots, nulls, elements) = (0, 0, 0);
        for (var entry = 0; entry < definition.Length; entry++)
        {
            var level = definition[entry];
            if (repetition[entry] <= node.SlotRepetition && level >= node.SlotDefinition)
            {
                var isPresent = level >= node.Definition;
                offsets[slots] = elements;
                flags[slots++] = isPresent;
                nulls += isPresent ? 0 : 1;
            }

            if (repetition[entry] <= node.SlotRepetition + 1 && level >= elementDefinition)
            {
                elements++;
            }
        }

        offsets[slots] = elements;
        return (slots, nulls);
    }
}

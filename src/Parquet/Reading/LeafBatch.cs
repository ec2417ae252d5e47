namespace Latecomer.Parquet.Reading;

/// <summary>What a batch has of one leaf: its values, a slot for each that its innermost list has, and the levels that say where
/// the lists and structs above begin and are null. The levels are the chunk reader's, until it reads again.</summary>
/// <param name="Values">The values in slots.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Definition">A definition level per entry; empty if all are 0 because everything is required.</param>
/// <param name="Repetition">A repetition level per entry; empty if all are 0 because nothing repeats.</param>
internal sealed record LeafBatch(ColumnData Values, int Entries, PooledBuffer<byte> Definition, PooledBuffer<byte> Repetition);

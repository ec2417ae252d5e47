using System.Runtime.InteropServices;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads one column chunk, some rows at a time.</summary>
internal sealed class ColumnChunkReader : IDisposable
{
    /// <summary>Repetition levels are read ahead so many at a time to find where rows end.</summary>
    private const int WindowEntries = 4096;

    private readonly string file;
    private readonly LeafColumn leaf;
    private readonly ColumnChunkMetadata chunk;
    private readonly ColumnAssembler assembler;
    private readonly DataPages pages;
    private readonly PooledBuffer<byte> definition;
    private readonly PooledBuffer<byte> repetition;
    private readonly PooledBuffer<bool> validity;
    private readonly byte[] window;
    private int windowStart;
    private int windowEnd;
    private int nulls;

    public ColumnChunkReader(IRandomAccessSource source, LeafColumn leaf, ColumnChunkMetadata chunk, ReadBudget budget)
    {
        file = source.Name;
        this.leaf = leaf;
        this.chunk = chunk;
        assembler = ColumnAssembler.For(leaf, budget);
        pages = new DataPages(source, leaf, chunk, assembler, budget);
        definition = new PooledBuffer<byte>(budget.Options.MaxBatchValues, budget);
        repetition = new PooledBuffer<byte>(budget.Options.MaxBatchValues, budget);
        validity = new PooledBuffer<bool>(budget.Options.MaxBatchValues, budget);
        window = IsRepeated ? new byte[(int)Math.Clamp(chunk.ValueCount, 64, WindowEntries)] : [];
    }

    private bool IsRepeated => leaf.MaxRepetitionLevel > 0;

    private bool IsOptional => leaf.MaxDefinitionLevel > 0;

    /// <summary>Reads the next <paramref name="rows"/> rows, which the chunk must have. The caller owns the values.</summary>
    public async ValueTask<LeafBatch> ReadAsync(int rows, CancellationToken cancellationToken)
    {
        try
        {
            Begin(rows);
            if (IsRepeated)
            {
                await ReadRepeatedAsync(rows, cancellationToken);
            }
            else
            {
                await ReadFlatAsync(rows, cancellationToken);
            }

            var values = assembler.Finish(IsOptional ? validity.Detach() : null, nulls);
            return new LeafBatch(values, IsRepeated ? repetition.Count : rows, definition, repetition);
        }
        catch (ParquetException exception)
        {
            throw exception.At(file, leaf.DottedPath, pages.PageOffset);
        }
    }

    public void Dispose()
    {
        assembler.Dispose();
        pages.Dispose();
        definition.Dispose();
        repetition.Dispose();
        validity.Dispose();
    }

    private void Begin(int rows)
    {
        assembler.Begin(rows);
        definition.Clear();
        repetition.Clear();
        validity.Clear();
        nulls = 0;
    }

    /// <summary>Without lists an entry is a row.</summary>
    private async ValueTask ReadFlatAsync(int rows, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < rows;)
        {
            if (!await pages.NextAsync(cancellationToken))
            {
                throw EndsTooSoon(rows - filled);
            }

            var taken = Math.Min(pages.EntriesLeft, rows - filled);
            pages.TakeEntries(taken);
            Append(taken);
            filled += taken;
        }
    }

    /// <summary>A row goes on until an entry of repetition level 0 begins the next one, over pages too.</summary>
    private async ValueTask ReadRepeatedAsync(int rows, CancellationToken cancellationToken)
    {
        var begun = 0;
        while (true)
        {
            if (windowStart == windowEnd)
            {
                // Behind the last row nothing is read that the chunk does not claim to have.
                var isDone = begun == rows && pages.EntriesLeft == 0 && pages.EntriesSeen >= chunk.ValueCount;
                if (isDone || !await pages.NextAsync(cancellationToken))
                {
                    break;
                }

                FillWindow();
            }

            var (taken, isComplete) = TakeRows(rows, ref begun);
            window.AsSpan(windowStart, taken).CopyTo(repetition.Append(taken));
            windowStart += taken;
            Append(taken);
            if (isComplete)
            {
                return;
            }
        }

        if (begun < rows)
        {
            throw EndsTooSoon(rows - begun);
        }
    }

    private void FillWindow()
    {
        windowStart = 0;
        windowEnd = 0;
        var count = Math.Min(window.Length, pages.EntriesLeft);
        pages.ReadRepetition(window.AsSpan(0, count));
        windowEnd = count;
    }

    /// <summary>Counts the entries in the window up to the end of the last row wanted.</summary>
    private (int Entries, bool IsComplete) TakeRows(int rows, ref int begun)
    {
        for (var index = windowStart; index < windowEnd; index++)
        {
            if (window[index] != 0)
            {
                if (begun == 0)
                {
                    throw ParquetException.Corrupt($"The first row begins with the repetition level {window[index]} instead of 0.");
                }
            }
            else if (begun == rows)
            {
                return (index - windowStart, true);
            }
            else
            {
                begun++;
            }
        }

        return (windowEnd - windowStart, false);
    }

    /// <summary>Reads the definition levels and values of entries of the current page.</summary>
    private void Append(int entries)
    {
        if (!IsOptional)
        {
            assembler.Append(entries, entries, default);
            return;
        }

        var levels = definition.Append(entries);
        pages.ReadDefinition(levels);
        var flags = validity.Append(entries);
        var (slots, present) = leaf.SlotDefinitionLevel == 0
            ? (entries, Levels.AtLeast(levels, (byte)leaf.MaxDefinitionLevel, MemoryMarshal.AsBytes(flags)))
            : Levels.SlotsAtLeast(levels, (byte)leaf.SlotDefinitionLevel, (byte)leaf.MaxDefinitionLevel, flags);
        validity.Drop(entries - slots);
        assembler.Append(slots, present, flags[..slots]);
        nulls += slots - present;
    }

    private static ParquetException EndsTooSoon(int missing) =>
        ParquetException.Corrupt($"The column chunk ends {missing} or more rows before its row group.");
}

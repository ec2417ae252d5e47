using System.Buffers;
using System.Runtime.CompilerServices;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Reading;

namespace Latecomer.Parquet;

/// <summary>Reads one file, batch by batch. Guarantees that only <see cref="ParquetException"/> is thrown for what the
/// file contains, and that memory follows the file's real size and the options, never a number that the file
/// claims. Several reads may go on at once.</summary>
public sealed class ParquetReader
{
    private readonly IRandomAccessSource source;
    private readonly ParquetReadOptions options;
    private readonly SchemaTree tree;

    private ParquetReader(IRandomAccessSource source, ParquetReadOptions options, ParquetFileMetadata metadata, SchemaTree tree)
    {
        this.source = source;
        this.options = options;
        this.tree = tree;
        Metadata = metadata;
    }

    /// <summary>The footer.</summary>
    public ParquetFileMetadata Metadata { get; }

    /// <summary>Reads and checks the footer. The source stays the caller's to dispose of, after the last read.</summary>
    public static async ValueTask<ParquetReader> OpenAsync(
        IRandomAccessSource source, ParquetReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= ParquetReadOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        try
        {
            return await ReadFooterAsync(source, options, cancellationToken);
        }
        catch (ParquetException exception)
        {
            throw exception.At(source.Name);
        }
    }

    /// <summary>Reads batches in file order. No batch spans two row groups.</summary>
    /// <param name="columns">The columns wanted, in the order wanted; null for all. A name that the file lacks is an
    /// <see cref="ArgumentException"/>; a column of <see cref="ColumnType.Unsupported"/> a <see cref="ParquetException"/>.</param>
    /// <param name="rowGroups">Which row groups to read, by number and metadata; null for all.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>Batches that the caller owns and may dispose of.</returns>
    public async IAsyncEnumerable<ColumnBatch> ReadAsync(
        IReadOnlyList<string>? columns = null,
        Func<int, RowGroupMetadata, bool>? rowGroups = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int[] wanted = columns is null
            ? [.. Enumerable.Range(0, Metadata.Schema.Columns.Count)]
            : [.. columns.Select(Find)];
        var schema = new ParquetSchema([.. wanted.Select(ordinal => Metadata.Schema.Columns[ordinal])]);
        int[] leaves = [.. wanted.Select(LeafOf)];
        for (var number = 0; number < Metadata.RowGroups.Count; number++)
        {
            var group = Metadata.RowGroups[number];
            if (rowGroups?.Invoke(number, group) == false)
            {
                continue;
            }

            await foreach (var batch in ReadGroupAsync(group, schema, leaves, cancellationToken))
            {
                yield return batch;
            }
        }
    }

    private static async ValueTask<ParquetReader> ReadFooterAsync(
        IRandomAccessSource source, ParquetReadOptions options, CancellationToken cancellationToken)
    {
        const int Least = FileFraming.MagicBytes + FileFraming.TailBytes;
        if (source.Length < Least)
        {
            throw ParquetException.Corrupt($"The file has {source.Length} bytes; the smallest Parquet file has more than {Least}.");
        }

        // Most footers fit into the first read, which saves a round trip where the source is far away.
        var guess = (int)Math.Min(source.Length, 64 * 1024);
        var end = new byte[guess];
        await source.ReadAsync(source.Length - guess, end, cancellationToken);
        var length = FileFraming.FooterLength(end.AsSpan(guess - FileFraming.TailBytes), source.Length, options.MaxFooterBytes);
        var dataEnd = source.Length - FileFraming.TailBytes - length;
        if (length + FileFraming.TailBytes <= guess)
        {
            return Parse(end.AsSpan(guess - FileFraming.TailBytes - length, length));
        }

        var footer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await source.ReadAsync(dataEnd, footer.AsMemory(0, length), cancellationToken);
            return Parse(footer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(footer);
        }

        ParquetReader Parse(ReadOnlySpan<byte> bytes)
        {
            var (metadata, tree) = FooterReader.Read(bytes, dataEnd);
            return new ParquetReader(source, options, metadata, tree);
        }
    }

    private int Find(string name) => Metadata.Schema.IndexOf(name) is >= 0 and var ordinal
        ? ordinal
        : throw new ArgumentException($"{source.Name} has no column '{name}'.", nameof(name));

    private int LeafOf(int ordinal)
    {
        var column = Metadata.Schema.Columns[ordinal];
        return column.Type is ColumnType.Unsupported unsupported
            ? throw ParquetException.Unsupported($"The column is {unsupported.Description}, which is not read.").At(source.Name, column.Name)
            : tree.LeafOfColumn[ordinal];
    }

    private async IAsyncEnumerable<ColumnBatch> ReadGroupAsync(
        RowGroupMetadata group, ParquetSchema schema, int[] leaves, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var readers = new List<ColumnChunkReader>(leaves.Length);
        try
        {
            readers.AddRange(leaves.Select(leaf => new ColumnChunkReader(source, tree.Leaves[leaf], group.Columns[leaf], options)));
            for (var left = group.RowCount; left > 0;)
            {
                var rows = (int)Math.Min(left, options.BatchRows);
                yield return await ReadBatchAsync(schema, readers, rows, cancellationToken);
                left -= rows;
            }
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    private static async ValueTask<ColumnBatch> ReadBatchAsync(
        ParquetSchema schema, List<ColumnChunkReader> readers, int rows, CancellationToken cancellationToken)
    {
        if (readers.Count == 0)
        {
            return new ColumnBatch(schema, rows);
        }

        var columns = new ColumnData[readers.Count];
        try
        {
            for (var index = 0; index < columns.Length; index++)
            {
                columns[index] = await readers[index].ReadAsync(rows, cancellationToken);
            }

            return new ColumnBatch(schema, columns);
        }
        catch
        {
            foreach (var column in columns)
            {
                column?.Dispose();
            }

            throw;
        }
    }
}

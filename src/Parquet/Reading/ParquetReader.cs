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
    /// <param name="columns">The top-level columns wanted, in the order wanted; null for all. A name that the file lacks is an
    /// <see cref="ArgumentException"/>.</param>
    /// <param name="rowGroups">Which row groups to read, by number and metadata; null for all.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>Batches that the caller owns and may dispose of.</returns>
    public IAsyncEnumerable<ColumnBatch> ReadAsync(
        IReadOnlyList<string>? columns = null,
        Func<int, RowGroupMetadata, bool>? rowGroups = null,
        CancellationToken cancellationToken = default) =>
        ReadNodesAsync(columns is null ? [.. tree.Columns] : [.. columns.Select(Find)], rowGroups, cancellationToken);

    /// <summary>Reads batches in file order, with only those parts of columns that <paramref name="paths"/> lead to: nothing else is
    /// read from the source. Columns come in the order in which the paths first name them, fields of structs in the file's.</summary>
    /// <param name="paths">The parts wanted. One that the file lacks is an <see cref="ArgumentException"/>; see
    /// <see cref="ParquetSchema.Find"/>.</param>
    /// <param name="rowGroups">Which row groups to read, by number and metadata; null for all.</param>
    /// <param name="cancellationToken">Stops between pages.</param>
    /// <returns>Batches that the caller owns and may dispose of.</returns>
    public IAsyncEnumerable<ColumnBatch> ReadPathsAsync(
        IReadOnlyList<ColumnPath> paths,
        Func<int, RowGroupMetadata, bool>? rowGroups = null,
        CancellationToken cancellationToken = default) =>
        ReadNodesAsync(Projection.Prune(tree, paths, source.Name), rowGroups, cancellationToken);

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
            var (metadata, tree) = FooterReader.Read(bytes, dataEnd, options.MaxColumns);
            return new ParquetReader(source, options, metadata, tree);
        }
    }

    private SchemaNode Find(string name) => Metadata.Schema.IndexOf(name) is >= 0 and var ordinal
        ? tree.Columns[ordinal]
        : throw new ArgumentException($"{source.Name} has no column '{name}'.", nameof(name));

    private async IAsyncEnumerable<ColumnBatch> ReadNodesAsync(
        SchemaNode[] nodes, Func<int, RowGroupMetadata, bool>? rowGroups, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var schema = new ParquetSchema([.. nodes.Select(node => node.Column)]);
        for (var number = 0; number < Metadata.RowGroups.Count; number++)
        {
            var group = Metadata.RowGroups[number];
            if (rowGroups?.Invoke(number, group) == false)
            {
                continue;
            }

            using var reader = new RowGroupReader(source, nodes, schema, group, options);
            while (reader.RowsLeft > 0)
            {
                yield return await reader.ReadAsync(cancellationToken);
            }
        }
    }
}

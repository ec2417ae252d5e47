using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads the wanted columns of one row group, batch by batch.</summary>
internal sealed class RowGroupReader : IDisposable
{
    /// <summary>Batches of fewer rows take longer to make than to fill.</summary>
    private const int LeastRowsByBytes = 64;

    private readonly IRandomAccessSource source;
    private readonly SchemaNode[] nodes;
    private readonly ParquetSchema schema;
    private readonly Dictionary<int, ColumnChunkReader> readers = [];
    private readonly ReadBudget budget;
    private readonly int batchRows;

    public RowGroupReader(IRandomAccessSource source, SchemaNode[] nodes, ParquetSchema schema, RowGroupMetadata group, ParquetReadOptions options)
    {
        this.source = source;
        this.nodes = nodes;
        this.schema = schema;
        budget = new ReadBudget(options, source.Length);
        RowsLeft = group.RowCount;
        foreach (var leaf in nodes.SelectMany(node => node.Leaves))
        {
            readers.TryAdd(leaf.Ordinal, new ColumnChunkReader(source, leaf, group.Columns[leaf.Ordinal], budget));
        }

        batchRows = FittingRows(options, group, readers.Keys);
    }

    /// <summary>Rows not read yet.</summary>
    public long RowsLeft { get; private set; }

    /// <summary>Reads the next rows, which the caller owns.</summary>
    public async ValueTask<ColumnBatch> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = (int)Math.Min(RowsLeft, batchRows);
        RowsLeft -= rows;
        if (nodes.Length == 0)
        {
            return new ColumnBatch(schema, rows);
        }

        var leaves = new Dictionary<int, LeafBatch>(readers.Count);
        try
        {
            foreach (var (ordinal, reader) in readers)
            {
                leaves.Add(ordinal, await reader.ReadAsync(rows, cancellationToken));
            }

            var assembly = new RecordAssembly(leaves, budget);
            return new ColumnBatch(schema, [.. nodes.Select(node => assembly.Build(node, rows))]);
        }
        catch (ParquetException exception)
        {
            Dispose(leaves);
            throw exception.At(source.Name);
        }
        catch
        {
            Dispose(leaves);
            throw;
        }
        finally
        {
            budget.Settle();
        }
    }

    public void Dispose()
    {
        foreach (var reader in readers.Values)
        {
            reader.Dispose();
        }
    }

    /// <summary>Rows per batch, by what the footer says of values and bytes per row. It is believed only so far that batches become smaller.</summary>
    private static int FittingRows(ParquetReadOptions options, RowGroupMetadata group, IEnumerable<int> ordinals)
    {
        var (values, bytes) = ((Int128)1, (Int128)1);
        foreach (var chunk in ordinals.Select(ordinal => group.Columns[ordinal]))
        {
            values += chunk.ValueCount;
            bytes += Math.Max(0, chunk.UncompressedSize);
        }

        var byValues = options.BatchValues * (Int128)group.RowCount / values;
        var byBytes = Int128.Max(options.BatchBytes * (Int128)group.RowCount / bytes, LeastRowsByBytes);
        return (int)Int128.Clamp(Int128.Min(byValues, byBytes), 1, options.BatchRows);
    }

    private static void Dispose(Dictionary<int, LeafBatch> leaves)
    {
        foreach (var leaf in leaves.Values)
        {
            leaf.Values.Dispose();
        }
    }
}

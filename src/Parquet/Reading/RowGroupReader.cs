using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads the wanted columns of one row group, batch by batch.</summary>
internal sealed class RowGroupReader : IDisposable
{
    private readonly IRandomAccessSource source;
    private readonly SchemaNode[] nodes;
    private readonly ParquetSchema schema;
    private readonly Dictionary<int, ColumnChunkReader> readers = [];
    private readonly int batchRows;

    public RowGroupReader(IRandomAccessSource source, SchemaNode[] nodes, ParquetSchema schema, RowGroupMetadata group, ParquetReadOptions options)
    {
        this.source = source;
        this.nodes = nodes;
        this.schema = schema;
        RowsLeft = group.RowCount;
        long mostValues = 1;
        foreach (var leaf in nodes.SelectMany(node => node.Leaves))
        {
            var chunk = group.Columns[leaf.Ordinal];
            readers.TryAdd(leaf.Ordinal, new ColumnChunkReader(source, leaf, chunk, options));
            mostValues = Math.Max(mostValues, chunk.ValueCount);
        }

        var fitting = (Int128)options.BatchValues * group.RowCount / mostValues;
        batchRows = (int)Int128.Clamp(fitting, 1, options.BatchRows);
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

            var assembly = new RecordAssembly(leaves);
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
    }

    public void Dispose()
    {
        foreach (var reader in readers.Values)
        {
            reader.Dispose();
        }
    }

    private static void Dispose(Dictionary<int, LeafBatch> leaves)
    {
        foreach (var leaf in leaves.Values)
        {
            leaf.Values.Dispose();
        }
    }
}

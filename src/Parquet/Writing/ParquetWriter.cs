using System.Buffers;
using System.Buffers.Binary;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Writing;

namespace Latecomer.Parquet;

/// <summary>Writes one file to a stream, from its first byte to its last, forwards only. The file is valid once
/// <see cref="CompleteAsync"/> has returned, and no Parquet file before; making it durable and visible is the
/// caller's. Not for use by two threads at once.</summary>
public sealed class ParquetWriter : IDisposable
{
    /// <summary>As Spark calls it.</summary>
    private const string RootName = "spark_schema";

    /// <summary>Rows of nested columns that are taken apart at once: their levels lie beside them meanwhile.</summary>
    private const int NestedRows = 1024;

    private readonly Stream stream;
    private readonly ParquetWriterOptions options;
    private readonly IReadOnlyList<SchemaElement> elements;
    private readonly SchemaTree tree;
    private readonly ColumnWriter[] columns;
    private readonly LeafData leaves;
    private readonly RecordShredding shredding;
    private readonly ColumnStatistics?[] statistics;
    private readonly List<WrittenRowGroup> groups = [];
    private long offset;
    private long groupRows;
    private bool isBroken;
    private bool isComplete;

    /// <summary>Starts a file. The stream stays the caller's to dispose of. Throws <see cref="ArgumentException"/> for a type or an
    /// option that cannot be written, and <see cref="ParquetException"/> if the codec's library is not installed.</summary>
    public ParquetWriter(Stream stream, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        this.stream = stream;
        this.options = options ?? ParquetWriterOptions.Default;
        if (this.options.Problem is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        if (this.options.Codec == CompressionCodec.Zstd)
        {
            Zstandard.Require();
        }

        Schema = schema;
        (elements, tree) = SchemaUnfolding.Unfold(schema, RootName);
        columns = [.. tree.Leaves.Select(leaf => ColumnWriter.For(leaf, this.options))];
        leaves = new LeafData(tree.Columns, columns.Length);
        shredding = new RecordShredding(tree.Columns, columns);
        statistics = new ColumnStatistics?[columns.Length];
    }

    /// <summary>What is written.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Appends rows; the batch may be disposed of afterwards. Its columns must be those of <see cref="Schema"/>, else
    /// <see cref="ArgumentException"/>. After an error nothing more can be written.</summary>
    public async ValueTask WriteAsync(ColumnBatch batch, CancellationToken cancellationToken = default)
    {
        RequireUsable();
        if (!batch.Schema.Columns.SequenceEqual(Schema.Columns))
        {
            throw new ArgumentException("The batch has other columns than the file.", nameof(batch));
        }

        leaves.Take(batch);
        isBroken = true;

        // A row group is looked at once in so many rows for its bytes, as pages end on their own.
        var step = shredding.IsNested ? Math.Min(options.PageRows, NestedRows) : options.PageRows;
        for (var first = 0; first < batch.RowCount;)
        {
            var end = (int)Math.Min(Math.Min(batch.RowCount, first + (long)step), first + options.RowGroupRows - groupRows);
            shredding.Append(batch, leaves, first, end);
            groupRows += end - first;
            first = end;
            if (groupRows >= options.RowGroupRows || columns.Sum(column => column.EncodedBytes) >= options.RowGroupBytes)
            {
                await EndRowGroupAsync(cancellationToken);
            }
        }

        isBroken = false;
    }

    /// <summary>Writes what is left and the footer, and flushes the stream.</summary>
    public async ValueTask<WrittenFile> CompleteAsync(CancellationToken cancellationToken = default)
    {
        RequireUsable();
        isBroken = true;
        if (groupRows > 0)
        {
            await EndRowGroupAsync(cancellationToken);
        }

        await BeginAsync(cancellationToken);
        isComplete = true;
        using var footer = new PageBuffer();
        new FooterWriter(footer, options).Write(elements, columns.Length, groups);
        BinaryPrimitives.WriteInt32LittleEndian(footer.GetSpan(4), footer.Length);
        footer.Advance(4);
        footer.Write(FileFraming.Magic);
        await stream.WriteAsync(footer.Memory, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return new WrittenFile(
            groups.Sum(group => group.RowCount),
            offset + footer.Length,
            [.. statistics.Select(column => column ?? new ColumnStatistics { NullCount = 0, NanCount = 0, IsExact = true })]);
    }

    /// <summary>Gives buffers back. A file that is not complete by now stays a torso.</summary>
    public void Dispose()
    {
        isComplete = true;
        shredding.Dispose();
        foreach (var column in columns)
        {
            column.Dispose();
        }
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(isComplete, this);
        if (isBroken)
        {
            throw new InvalidOperationException("An earlier error left the file a torso.");
        }
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (offset == 0)
        {
            await stream.WriteAsync(FileFraming.Magic.ToArray(), cancellationToken);
            offset = FileFraming.MagicBytes;
        }
    }

    private async ValueTask EndRowGroupAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        var chunks = new WrittenChunk[columns.Length];
        for (var ordinal = 0; ordinal < columns.Length; ordinal++)
        {
            chunks[ordinal] = await columns[ordinal].FlushAsync(stream, offset, cancellationToken);
            offset += chunks[ordinal].CompressedSize;
            statistics[ordinal] = FileStatistics.Join(tree.Leaves[ordinal].Type, statistics[ordinal], chunks[ordinal].Statistics);
        }

        groups.Add(new WrittenRowGroup(groupRows, chunks));
        groupRows = 0;
    }
}

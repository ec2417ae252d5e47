using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Rows of files as plain values, for comparing.</summary>
internal static class ParquetRows
{
    public static async Task<byte[]> WriteAsync(ParquetWriterOptions options, params ColumnBatch[] batches) =>
        (await WriteWithSummaryAsync(options, batches)).File;

    public static async Task<(byte[] File, WrittenFile Summary)> WriteWithSummaryAsync(ParquetWriterOptions options, params ColumnBatch[] batches)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, batches[0].Schema, options);
        foreach (var batch in batches)
        {
            await writer.WriteAsync(batch);
        }

        var summary = await writer.CompleteAsync();
        summary.Length.ShouldBe(stream.Length);
        return (stream.ToArray(), summary);
    }

    public static ValueTask<ParquetReader> OpenAsync(byte[] file, ParquetReadOptions? options = null) =>
        ParquetReader.OpenAsync(new MemorySource("memory.parquet", file), options);

    public static async Task<List<object?[]>> ReadAsync(byte[] file, ParquetReadOptions? options = null) =>
        await ReadAsync(await OpenAsync(file, options));

    public static async Task<List<object?[]>> ReadAsync(ParquetReader reader, IReadOnlyList<string>? columns = null)
    {
        var rows = new List<object?[]>();
        await foreach (var batch in reader.ReadAsync(columns))
        {
            using (batch)
            {
                rows.AddRange(Of(batch));
            }
        }

        return rows;
    }

    public static IEnumerable<object?[]> Of(ColumnBatch batch) =>
        Enumerable.Range(0, batch.RowCount).Select(row =>
            batch.Columns.Select((column, ordinal) => Value(column, batch.Schema.Columns[ordinal].Type, row)).ToArray());

    private static object? Value(ColumnData column, ColumnType type, int row) => column switch
    {
        ValueColumn<bool> flags => flags[row],
        ValueColumn<int> numbers => numbers[row],
        ValueColumn<long> numbers => numbers[row],
        ValueColumn<float> numbers => numbers[row],
        ValueColumn<double> numbers => numbers[row],
        BinaryColumn binary when type is ColumnType.String => binary.GetString(row),
        BinaryColumn binary => binary.IsNull(row) ? null : Convert.ToHexString(binary.GetBytes(row)),
        _ => throw new InvalidOperationException($"{column} has no rows to show."),
    };
}

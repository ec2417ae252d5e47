using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latecomer.Parquet.Rows;

namespace Latecomer.Parquet;

/// <summary>Writes rows as JSON, an object per line, without loss: 64-bit integers and decimals are strings of digits, dates and times
/// ISO 8601 with the file's precision, bytes Base64, maps lists of pairs, and the reals that JSON lacks strings.</summary>
public sealed class JsonLinesWriter : IDisposable
{
    private const int FlushBytes = 64 * 1024;

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream output;
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    /// <summary>Writes to <paramref name="output"/>, which stays the caller's to dispose of.</summary>
    public JsonLinesWriter(Stream output)
    {
        this.output = output;
        json = new Utf8JsonWriter(buffer, JsonOptions);
    }

    /// <summary>Writes the first <paramref name="rows"/> rows of a batch. They are in the stream when this is done.</summary>
    /// <exception cref="ParquetException">A value is beyond all bounds (a decimal of thousands of bytes).</exception>
    public async ValueTask WriteAsync(ColumnBatch batch, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, batch.RowCount);
        var row = RowCell.Of(batch);
        for (var index = 0; index < rows; index++)
        {
            WriteLine(row, index);
            if (buffer.WrittenCount >= FlushBytes)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private void WriteLine(RowCell row, int index)
    {
        row.Write(json, index);
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
        buffer.ResetWrittenCount();
    }
}

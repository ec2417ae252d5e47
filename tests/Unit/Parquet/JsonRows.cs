using System.Text;
using System.Text.Json;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Rows of files as lines of JSON, for comparing.</summary>
internal static class JsonRows
{
    public static async Task<List<string>> ReadAsync(ParquetReader reader, params ColumnPath[] paths) =>
        (await ReadAsync(paths.Length == 0 ? reader.ReadAsync() : reader.ReadPathsAsync(paths), int.MaxValue)).First;

    /// <summary>The rows of batches.</summary>
    public static async Task<List<string>> OfAsync(IEnumerable<ColumnBatch> batches) => (await ReadAsync(batches.ToAsyncEnumerable(), int.MaxValue)).First;

    /// <summary>Renders all rows, and gives the first of them, the last three, and their number.</summary>
    public static async Task<(List<string> First, List<string> Last, long Count)> ReadAsync(IAsyncEnumerable<ColumnBatch> batches, int keep)
    {
        var (first, last, count) = (new List<string>(), new List<string>(), 0L);
        await foreach (var batch in batches)
        {
            using var stream = new MemoryStream();
            using var writer = new JsonLinesWriter(stream);
            using (batch)
            {
                await writer.WriteAsync(batch, batch.RowCount);
                count += batch.RowCount;
            }

            var lines = Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)).Split('\n')[..^1];
            lines.Length.ShouldBe(batch.RowCount);
            first.AddRange(lines.Take(keep - first.Count));
            last = [.. last.Concat(lines).TakeLast(3)];
        }

        return (first, last, count);
    }

    /// <summary>Whether two values are the same, with numbers by their value and keys in their order.</summary>
    public static bool IsSame(JsonElement found, JsonElement wanted) => (found.ValueKind, wanted.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => found.GetDouble().Equals(wanted.GetDouble()),
        (JsonValueKind.Array, JsonValueKind.Array) => found.GetArrayLength() == wanted.GetArrayLength()
            && found.EnumerateArray().Zip(wanted.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => found.EnumerateObject().Count() == wanted.EnumerateObject().Count()
            && found.EnumerateObject().Zip(wanted.EnumerateObject())
                .All(pair => pair.First.Name == pair.Second.Name && IsSame(pair.First.Value, pair.Second.Value)),
        (JsonValueKind.String, JsonValueKind.String) => found.GetString() == wanted.GetString(),
        var (left, right) => left == right,
    };
}

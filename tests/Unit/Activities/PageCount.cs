using System.Runtime.CompilerServices;
using Latecomer.Activities;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Activities;

/// <summary>A built-in of the tests: how often each page was clicked. A gate can hold it up.</summary>
internal sealed class PageCount(Func<Task>? gate = null) : IBuiltInWork
{
    public string Name => "page_count";

    public IReadOnlyList<SchemaField> Reads { get; } = [new("page", new DataType.Primitive("string"))];

    public IReadOnlyList<SchemaField> Writes { get; } = [new("page", new DataType.Primitive("string")), new("count", new DataType.Primitive("long"))];

    public async IAsyncEnumerable<ColumnBatch> Run(IAsyncEnumerable<ColumnBatch> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var batch in rows.WithCancellation(cancellation))
        {
            using (batch)
            {
                for (var row = 0; row < batch.RowCount; row++)
                {
                    var page = ((BinaryColumn)batch["page"]).GetString(row)!;
                    counts[page] = counts.GetValueOrDefault(page) + 1;
                }
            }
        }

        if (gate is not null)
        {
            await gate();
        }

        if (counts.Count > 0)
        {
            yield return new ColumnBatch(
                new ParquetSchema([new ParquetColumn("page", new ColumnType.String()), new ParquetColumn("count", new ColumnType.Int64())]),
                [BinaryColumn.From([.. counts.Keys]), ValueColumn<long>.From([.. counts.Values])]);
        }
    }
}

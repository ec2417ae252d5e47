using System.Globalization;
using System.Runtime.CompilerServices;
using Latecomer.Activities;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Node.Devices;

/// <summary>The built-in work <c>device_summary</c>: how many rows there are of each type and version. The same rows give the same counts
/// in the same order, however they are cut into batches.</summary>
internal sealed class DeviceSummary : IBuiltInWork
{
    /// <summary>The variable that says how long the work takes longer than it would, milliseconds: like that of people, whose jobs take minutes.</summary>
    public const string TakesVariable = "LATECOMER_DEVICE_SUMMARY_TAKES_MS";

    /// <summary>The column with the number of rows.</summary>
    public const string CountColumn = "count";

    private const string TypeColumn = "type";
    private const string VersionColumn = "version";

    private static readonly DataType Text = new DataType.Primitive("string");
    private static readonly ParquetSchema Schema = new(
    [
        new ParquetColumn(TypeColumn, new ColumnType.String(), Nullable: true),
        new ParquetColumn(VersionColumn, new ColumnType.String(), Nullable: true),
        new ParquetColumn(CountColumn, new ColumnType.Int64(), Nullable: true),
    ]);

    /// <summary>How long it waits before it gives what it has counted.</summary>
    public TimeSpan Takes { get; init; }

    /// <inheritdoc/>
    public string Name => "device_summary";

    /// <inheritdoc/>
    public IReadOnlyList<SchemaField> Reads { get; } = [new(TypeColumn, Text), new(VersionColumn, Text)];

    /// <inheritdoc/>
    public IReadOnlyList<SchemaField> Writes { get; } = [new(TypeColumn, Text), new(VersionColumn, Text), new(CountColumn, new DataType.Primitive("long"))];

    /// <summary>As the environment says.</summary>
    public static DeviceSummary FromEnvironment() => new()
    {
        Takes = int.TryParse(Environment.GetEnvironmentVariable(TakesVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var takes) ? TimeSpan.FromMilliseconds(takes) : TimeSpan.Zero,
    };

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> Run(IAsyncEnumerable<ColumnBatch> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var counts = new Dictionary<(string? Type, string? Version), long>();
        await foreach (var batch in rows.WithCancellation(cancellation))
        {
            using (batch)
            {
                Count(batch, counts);
            }
        }

        if (Takes > TimeSpan.Zero)
        {
            await Task.Delay(Takes, TimeProvider.System, cancellation);
        }

        var groups = counts.OrderBy(c => c.Key.Type, StringComparer.Ordinal).ThenBy(c => c.Key.Version, StringComparer.Ordinal).ToList();
        yield return new ColumnBatch(Schema,
        [
            BinaryColumn.From([.. groups.Select(g => g.Key.Type)]),
            BinaryColumn.From([.. groups.Select(g => g.Key.Version)]),
            new ValueColumn<long>([.. groups.Select(g => g.Value)]),
        ]);
    }

    /// <summary>The sum of a batch's counts, its only column.</summary>
    public static long Sum(ColumnBatch counts)
    {
        var total = 0L;
        foreach (var count in ((ValueColumn<long>)counts.Columns[0]).Values)
        {
            total += count;
        }

        return total;
    }

    private static void Count(ColumnBatch batch, Dictionary<(string? Type, string? Version), long> counts)
    {
        var (types, versions) = ((BinaryColumn)batch.Columns[0], (BinaryColumn)batch.Columns[1]);
        for (var row = 0; row < batch.RowCount; row++)
        {
            var key = (types.GetString(row), versions.GetString(row));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }
}
